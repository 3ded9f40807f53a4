package dev.modelserver.server.fetch;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that a model may be downloaded from. Each pattern is a host in lower case ({@code
 * models.example.com}, any port), a host with a port ({@code models.example.com:8443}), or all
 * names below a domain ({@code *.example.com}, which is not {@code example.com} itself).
 *
 * @param patterns none: any host
 */
record AllowedHosts(List<String> patterns) {

  /** No host is excluded. */
  static final AllowedHosts ANY = new AllowedHosts(List.of());

  /** Whether a URI that names a host leads to one of them. */
  boolean allow(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return patterns.isEmpty()
        || patterns.stream().anyMatch(pattern -> matches(pattern, name, port(uri)));
  }

  private static boolean matches(String pattern, String host, int port) {
    int colon = pattern.endsWith("]") ? -1 : pattern.lastIndexOf(':');
    String name = colon < 0 ? pattern : pattern.substring(0, colon);
    boolean named = name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
    return named && (colon < 0 || pattern.substring(colon + 1).equals(Integer.toString(port)));
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("http") ? 80 : 443;
  }

  @Override
  public String toString() {
    return String.join(", ", patterns);
  }
}
