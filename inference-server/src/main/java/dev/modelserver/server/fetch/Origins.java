package dev.modelserver.server.fetch;

import java.net.URI;
import java.util.Locale;

/** The origin of a URL: scheme, host and port (RFC 6454). */
final class Origins {

  private Origins() {}

  /** Whether two URLs of http or https have the same. */
  static boolean same(URI a, URI b) {
    return of(a).equals(of(b));
  }

  private static String of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
    return "%s://%s:%d"
        .formatted(scheme, String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT), port);
  }
}
