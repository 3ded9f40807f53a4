package dev.modelserver.server.preflight;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a model comes from. */
sealed interface ModelSource {

  /**
   * A file that is mounted, or in the image.
   *
   * @param root the folder it must not leave; null for a file of the image
   */
  record Local(Path file, @Nullable Path root) implements ModelSource {}

  /** A file behind http or https. */
  record Remote(URI uri) implements ModelSource {}

  static ModelSource parse(String text, Path sourceDirectory) throws PreflightException {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid(text, "is not a URI");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    return switch (uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "configmap", "pvc" -> mounted(text, path, sourceDirectory);
      case "file" -> new Local(path(text, path), null);
      case "http", "https" -> {
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
          throw invalid(text, "names no host, or carries a password");
        }
        yield new Remote(uri);
      }
      default ->
          throw invalid(
              text,
              "has an unknown scheme; use configmap://, pvc://, file://, http:// or https://");
    };
  }

  private static ModelSource mounted(String text, String path, Path root)
      throws PreflightException {
    Path file = root.resolve(path(text, path.replaceFirst("^/+", ""))).normalize();
    if (path.length() < 2 || !file.startsWith(root.normalize()) || file.equals(root.normalize())) {
      throw invalid(text, "names no file below its volume");
    }
    return new Local(file, root);
  }

  private static Path path(String text, String path) throws PreflightException {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw invalid(text, "is not a path");
    }
  }

  private static PreflightException invalid(String uri, String problem) {
    return new PreflightException(
        Reason.InvalidConfiguration,
        "model.uri \"" + Urls.shown(uri) + "\" " + problem + "; correct spec.model.uri");
  }
}
