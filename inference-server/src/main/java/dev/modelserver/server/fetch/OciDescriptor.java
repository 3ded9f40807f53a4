package dev.modelserver.server.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.server.model.Digest;
import java.util.Optional;

/**
 * What a manifest or an index says of one blob or manifest.
 *
 * @param size in bytes
 * @param title the name of the file that the blob is, in an artifact; empty in an image
 * @param platform {@code linux/amd64}, of the manifests of an index; empty where it names none
 */
record OciDescriptor(
    String mediaType, Digest digest, long size, Optional<String> title, Optional<String> platform) {

  private static final String TITLE = "org.opencontainers.image.title";
  private static final String SHA_256 = "sha256:";

  /** Reads one; empty when it is not one with a SHA-256. */
  static Optional<OciDescriptor> read(JsonNode node) {
    String digest = node.path("digest").asText("");
    JsonNode size = node.path("size");
    if (!digest.startsWith(SHA_256) || !size.canConvertToLong() || size.longValue() < 0) {
      return Optional.empty();
    }
    JsonNode platform = node.path("platform");
    try {
      return Optional.of(
          new OciDescriptor(
              node.path("mediaType").asText(""),
              new Digest(digest.substring(SHA_256.length())),
              size.longValue(),
              text(node.path("annotations").path(TITLE)),
              platform.isObject()
                  ? Optional.of(
                      "%s/%s"
                          .formatted(
                              platform.path("os").asText(""),
                              platform.path("architecture").asText("")))
                  : Optional.empty()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Its digest as registries write it. */
  String name() {
    return SHA_256 + digest.hex();
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() ? Optional.of(node.textValue()) : Optional.empty();
  }
}
