package dev.modelserver.server.access;

import dev.modelserver.server.secret.ClientTokens;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds out who sent a request. Where no tokens are configured it is off, and nobody is asked. */
public final class Authentication {

  /** Longer headers have no token that could be a client's. */
  private static final int MAX_HEADER = 1024;

  private final @Nullable Supplier<ClientTokens> tokens;
  private final boolean strict;

  private Authentication(@Nullable Supplier<ClientTokens> tokens, boolean strict) {
    this.tokens = tokens;
    this.strict = strict;
  }

  public static Authentication off() {
    return new Authentication(null, false);
  }

  /**
   * By these tokens.
   *
   * @param tokens asked for each request
   * @param strict whether requests without a valid token are refused
   */
  public static Authentication by(Supplier<ClientTokens> tokens, boolean strict) {
    return new Authentication(tokens, strict);
  }

  public boolean on() {
    return tokens != null;
  }

  /** Whether the request of this caller is answered. */
  public boolean admits(Caller caller) {
    return caller.known() || !strict;
  }

  /**
   * Who sent a request with these {@code Authorization} headers; two of them are as good as a wrong
   * one, because programs differ in which of them counts.
   */
  public Caller caller(@Nullable Iterable<String> headers) {
    Iterator<String> sent = headers == null ? null : headers.iterator();
    if (tokens == null || sent == null || !sent.hasNext()) {
      return Caller.ANONYMOUS;
    }
    String header = sent.next();
    return sent.hasNext() || header.length() > MAX_HEADER
        ? Caller.UNKNOWN
        : caller(tokens.get(), header);
  }

  private static Caller caller(ClientTokens tokens, String header) {
    int blank = header.indexOf(' ');
    String scheme = blank < 0 ? header : header.substring(0, blank);
    String credentials = blank < 0 ? "" : header.substring(blank + 1).strip();
    String client = null;
    if (scheme.equalsIgnoreCase("Bearer")) {
      client = tokens.client(credentials);
    } else if (scheme.equalsIgnoreCase("Basic")) {
      client = basic(tokens, credentials);
    }
    return client == null ? Caller.UNKNOWN : Caller.known(client);
  }

  /** Name and token must be of the same client. */
  private static @Nullable String basic(ClientTokens tokens, String credentials) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
    int colon = pair.indexOf(':');
    String client = colon < 0 ? null : tokens.client(pair.substring(colon + 1));
    return client != null && client.equals(pair.substring(0, colon)) ? client : null;
  }
}
