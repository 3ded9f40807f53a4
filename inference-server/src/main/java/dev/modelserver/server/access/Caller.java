package dev.modelserver.server.access;

/**
 * Who sent a request.
 *
 * @param client the client's name, or what stands for those without one
 * @param known whether the token is a client's
 * @param sentToken whether there is a token at all
 */
public record Caller(String client, boolean known, boolean sentToken) {

  /** Without a token. */
  static final Caller ANONYMOUS = new Caller("anonymous", false, false);

  /** With one that is nobody's. */
  static final Caller UNKNOWN = new Caller("unknown", false, true);

  static Caller known(String client) {
    return new Caller(client, true, true);
  }
}
