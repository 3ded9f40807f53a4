package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Manifests and blobs as a registry keeps them: by digest, and manifests by tag too. */
public final class OciContent {

  public static final String TAR = "application/vnd.oci.image.layer.v1.tar";
  public static final String TAR_GZIP = TAR + "+gzip";
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";

  final Map<String, byte[]> manifests = new HashMap<>();
  final Map<String, byte[]> blobs = new HashMap<>();

  /** An artifact with files. */
  public Digest artifact(String tag, Map<String, byte[]> files) {
    List<String> layers = new ArrayList<>();
    files.forEach(
        (title, content) ->
            layers.add(
                descriptor(
                    "application/octet-stream",
                    content,
                    ",\"annotations\":{\"org.opencontainers.image.title\":\"%s\"}"
                        .formatted(title))));
    return manifest(tag, layers);
  }

  /** An image with layers, the lowest first. */
  public Digest image(String tag, String mediaType, byte[]... tars) {
    List<String> layers = new ArrayList<>();
    for (byte[] tar : tars) {
      layers.add(descriptor(mediaType, mediaType.endsWith("gzip") ? TestTar.gzip(tar) : tar, ""));
    }
    return manifest(tag, layers);
  }

  /** A manifest of layers that are there. */
  Digest manifest(String tag, List<String> layers) {
    String config = descriptor("application/vnd.oci.image.config.v1+json", bytes("{}"), "");
    return put(
        tag,
        bytes(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                .formatted(MANIFEST, config, String.join(",", layers))));
  }

  /** An index of manifests that are there, by their platforms. */
  Digest index(String tag, Map<String, Digest> byPlatform) {
    List<String> manifests = new ArrayList<>();
    byPlatform.forEach(
        (platform, digest) -> {
          String[] parts = platform.split("/", -1);
          manifests.add(
              "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":1,\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}}"
                  .formatted(MANIFEST, digest.hex(), parts[0], parts[1]));
        });
    return put(
        tag,
        bytes(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(INDEX, String.join(",", manifests))));
  }

  /** Puts a manifest under its tag and its digest. */
  Digest put(String tag, byte[] manifest) {
    Digest digest = Digest.of(manifest);
    manifests.put(tag, manifest);
    manifests.put("sha256:" + digest.hex(), manifest);
    return digest;
  }

  /** Keeps a blob, and writes what a manifest says of it. */
  String descriptor(String mediaType, byte[] content, String more) {
    String digest = "sha256:" + Digest.of(content).hex();
    blobs.put(digest, content);
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(mediaType, digest, content.length, more);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
