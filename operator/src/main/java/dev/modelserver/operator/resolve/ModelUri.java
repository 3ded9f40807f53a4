package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.Urls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** A model outside the cluster's objects. */
public sealed interface ModelUri {

  /** The URI as the user wrote it: only for the server's configuration, for it may be secret. */
  String text();

  /** A file in the server image. */
  record ImageFile(String text, String path) implements ModelUri {}

  /**
   * A file that preflight downloads.
   *
   * @param host in lower case, without the dot that may end it
   * @param port that of the scheme where the URI has none
   * @param plain whether anybody on the way can read and change it (http)
   */
  record Download(String text, String host, int port, boolean plain) implements ModelUri {}

  /**
   * Parses a model URI.
   *
   * @throws IllegalArgumentException with a sentence that names the value and the remedy
   */
  static ModelUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "spec.model.uri \"%s\" is not a URI (%s)".formatted(Urls.redacted(text), e.getReason()));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/+", "");
    return switch (scheme) {
      case "http", "https" -> download(text, uri, authority);
      case "configmap" -> throw moved(text, "spec.model.configMap {name, key}");
      case "pvc" -> throw moved(text, "spec.model.persistentVolumeClaim {claimName, path}");
      case "file" -> {
        require(
            authority.isEmpty() && ModelSource.plain(path),
            text,
            "file:///PATH without . or .. segments");
        yield new ImageFile(text, "/" + path);
      }
      default ->
          throw new IllegalArgumentException(
              "spec.model.uri \"%s\" has an unknown scheme: use https, http or file"
                  .formatted(Urls.redacted(text)));
    };
  }

  private static ModelUri download(String text, URI uri, String authority) {
    require(uri.getRawUserInfo() == null, text, "no user or password: they would be readable");
    require(uri.getHost() != null && !authority.isEmpty(), text, "https://HOST/PATH");
    boolean plain = uri.getScheme().equalsIgnoreCase("http");
    int port = uri.getPort() >= 0 ? uri.getPort() : plain ? 80 : 443;
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return new Download(
        text, host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port, plain);
  }

  private static IllegalArgumentException moved(String text, String field) {
    return new IllegalArgumentException(
        "spec.model.uri \"%s\" is not supported: use %s".formatted(Urls.redacted(text), field));
  }

  private static void require(boolean condition, String text, String form) {
    if (!condition) {
      throw new IllegalArgumentException(
          "spec.model.uri \"%s\" must have the form %s".formatted(Urls.redacted(text), form));
    }
  }
}
