package dev.modelserver.operator.resolve;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The hosts that models may be downloaded from. Each pattern is a host in lower case ({@code
 * models.example.com}, any port), a host with a port ({@code models.example.com:8443}), or all
 * names below a domain ({@code *.example.com}, which is not {@code example.com} itself). The server
 * reads them in the same way, at each redirect.
 *
 * @param patterns none: any host
 */
public record ModelHosts(List<String> patterns) {
  private static final Pattern FORM =
      Pattern.compile(
          "(\\*\\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?|\\[[0-9a-f:.]+](:[0-9]{1,5})?");

  /** Any host. */
  public static final ModelHosts ANY = new ModelHosts(List.of());

  /**
   * Checks the form of each pattern.
   *
   * @throws IllegalArgumentException with the pattern and the form it must have
   */
  public ModelHosts {
    patterns = List.copyOf(patterns);
    for (String pattern : patterns) {
      if (!FORM.matcher(pattern).matches()) {
        throw new IllegalArgumentException(
            "modelHosts has \"%s\": write a host in lower case, such as models.example.com, models.example.com:8443 or *.example.com"
                .formatted(pattern));
      }
    }
  }

  boolean allow(Origin origin) {
    return patterns.isEmpty()
        || patterns.stream().anyMatch(pattern -> matches(pattern, origin.host(), origin.port()));
  }

  private static boolean matches(String pattern, String host, int port) {
    int colon = pattern.endsWith("]") ? -1 : pattern.lastIndexOf(':');
    String name = colon < 0 ? pattern : pattern.substring(0, colon);
    boolean named = name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
    return named && (colon < 0 || pattern.substring(colon + 1).equals(Integer.toString(port)));
  }

  @Override
  public String toString() {
    return String.join(", ", patterns);
  }
}
