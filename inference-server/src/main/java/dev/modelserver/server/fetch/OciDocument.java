package dev.modelserver.server.fetch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What a registry has under a tag: a manifest, or an index of manifests. */
sealed interface OciDocument {

  /** The media types that a request accepts: those of OCI, and Docker's before them. */
  String ACCEPT =
      String.join(
          ", ",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.docker.distribution.manifest.list.v2+json");

  /** The most layers of a manifest, and manifests of an index. */
  int MOST_PARTS = 1000;

  /** An image or an artifact. */
  record Manifest(List<OciDescriptor> layers) implements OciDocument {

    /** Whether its layers are files with names, and not the folders of an image. */
    boolean isArtifact() {
      return layers.stream().anyMatch(layer -> layer.title().isPresent());
    }
  }

  /** Images of several platforms. */
  record Index(List<OciDescriptor> manifests) implements OciDocument {

    /**
     * The manifest for this machine: of its platform, or the only one.
     *
     * @param platform such as {@code linux/amd64}
     */
    OciDescriptor of(String platform, OciReference reference) throws PreflightException {
      Optional<OciDescriptor> match =
          manifests.stream()
              .filter(each -> each.platform().equals(Optional.of(platform)))
              .findFirst();
      // what builders add to tell of a build is for no platform
      List<OciDescriptor> usable =
          manifests.stream()
              .filter(each -> !each.platform().equals(Optional.of("unknown/unknown")))
              .toList();
      if (match.isEmpty() && usable.size() != 1) {
        TreeSet<String> platforms = new TreeSet<>();
        usable.forEach(each -> platforms.add(each.platform().orElse("one without a platform")));
        throw new PreflightException(
            Reason.ModelNotFound,
            "%s has no manifest for %s; it has %s: push one for this platform"
                .formatted(
                    reference,
                    platform,
                    platforms.isEmpty()
                        ? "none"
                        : ForeignText.shown(String.join(", ", platforms), 300)));
      }
      return match.orElseGet(usable::getFirst);
    }
  }

  /** Reads the JSON of one. */
  static OciDocument read(byte[] json, OciReference reference) throws PreflightException {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JacksonException e) {
      throw strange(reference, "text that is not JSON");
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    if (root == null || root.path("schemaVersion").asInt(0) != 2) {
      throw strange(reference, "no manifest of schema 2");
    }
    if (root.path("manifests").isArray()) {
      return new Index(descriptors(root.path("manifests"), "manifests", reference));
    }
    if (!root.path("layers").isArray()) {
      throw strange(reference, "a manifest without layers");
    }
    return new Manifest(descriptors(root.path("layers"), "layers", reference));
  }

  private static List<OciDescriptor> descriptors(
      JsonNode array, String what, OciReference reference) throws PreflightException {
    if (array.size() > MOST_PARTS) {
      throw new PreflightException(
          Reason.InvalidModel,
          "%s has %d %s, more than the %d that are read; push it with fewer"
              .formatted(reference, array.size(), what, MOST_PARTS));
    }
    List<OciDescriptor> found = new ArrayList<>();
    for (JsonNode each : array) {
      found.add(
          OciDescriptor.read(each)
              .orElseThrow(
                  () ->
                      strange(
                          reference,
                          "a manifest in which one of the %s has no size or no SHA-256"
                              .formatted(what))));
    }
    return List.copyOf(found);
  }

  private static PreflightException strange(OciReference reference, String what) {
    return new PreflightException(
        Reason.DownloadFailed,
        "the registry answered %s for %s; check that the host is an OCI registry, and push the model again"
            .formatted(what, reference));
  }
}
