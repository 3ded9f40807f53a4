package dev.modelserver.operator.resolve;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;

/** Where a model comes from. */
public sealed interface ModelUri {

  /** The URI as the user wrote it. */
  String text();

  /** A key of a ConfigMap in the ModelServer's namespace. */
  record ConfigMapKey(String text, String name, String key) implements ModelUri {}

  /** A file of a PersistentVolumeClaim in the ModelServer's namespace. */
  record ClaimFile(String text, String claim, String path) implements ModelUri {}

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
          "spec.model.uri \"%s\" is not a URI (%s)".formatted(text, e.getReason()), e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    // NB getAuthority, not getHost: a ConfigMap's name may hold what a host name may not.
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/+", "");
    return switch (scheme) {
      case "http", "https" -> download(text, uri, authority);
      case "configmap" -> {
        require(
            !authority.isEmpty() && path.matches("[-._a-zA-Z0-9]+"), text, "configmap://NAME/KEY");
        yield new ConfigMapKey(text, authority, path);
      }
      case "pvc" -> {
        require(
            !authority.isEmpty() && plain(path), text, "pvc://CLAIM/PATH without . or .. segments");
        yield new ClaimFile(text, authority, path);
      }
      case "file" -> {
        require(authority.isEmpty() && plain(path), text, "file:///PATH without . or .. segments");
        yield new ImageFile(text, "/" + path);
      }
      default ->
          throw new IllegalArgumentException(
              "spec.model.uri \"%s\" has an unknown scheme: use https, http, configmap, pvc or file"
                  .formatted(text));
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

  private static boolean plain(String path) {
    return !path.isEmpty()
        && Arrays.stream(path.split("/", -1))
            .noneMatch(s -> s.isEmpty() || s.equals(".") || s.equals(".."));
  }

  private static void require(boolean condition, String text, String form) {
    if (!condition) {
      throw new IllegalArgumentException(
          "spec.model.uri \"%s\" must have the form %s".formatted(text, form));
    }
  }
}
