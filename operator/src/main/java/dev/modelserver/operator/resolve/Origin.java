package dev.modelserver.operator.resolve;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * A host that is reached over the network.
 *
 * @param host in lower case, without the dot that may end it; an IPv6 address in brackets
 * @param port that of the scheme where the URL has none
 * @param plain whether anybody on the way can read and change what is sent (http)
 */
public record Origin(String host, int port, boolean plain) {
  private static final int LAST_PORT = 65_535;

  /** Of a URL; empty: it names no host, or a port that does not exist. */
  public static Optional<Origin> of(String url) {
    try {
      return Optional.of(of(new URI(url))).filter(Origin::exists);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /** Of a URL of http or https; without a host, an empty one. */
  static Origin of(URI url) {
    boolean plain = "http".equalsIgnoreCase(url.getScheme());
    String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
    return new Origin(
        host.endsWith(".") ? host.substring(0, host.length() - 1) : host,
        url.getPort() >= 0 ? url.getPort() : plain ? 80 : 443,
        plain);
  }

  private boolean exists() {
    return !host.isEmpty() && port > 0 && port <= LAST_PORT;
  }
}
