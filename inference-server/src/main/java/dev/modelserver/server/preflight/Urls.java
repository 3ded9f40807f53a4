package dev.modelserver.server.preflight;

import java.net.URI;

/**
 * URLs as they may be shown: a query can hold a signature, and what stands before an @ a password.
 */
final class Urls {

  private Urls() {}

  static String shown(URI uri) {
    return shown(uri.toString());
  }

  static String shown(String uri) {
    String bare =
        uri.replaceFirst("[?#].*$", "").replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/]*@", "$1");
    return bare.length() > 300 ? bare.substring(0, 300) + "…" : bare;
  }
}
