package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The headers that a web server takes as credentials. They go to one origin alone: not to the one a
 * redirect leads to, and never over plain http.
 *
 * @param origin any URI of it
 * @param headers none: the model has no credentials, or only a proxy's
 * @param secretName for messages
 */
record HttpCredentials(URI origin, List<Map.Entry<String, String>> headers, String secretName) {

  static final String HEADERS_KEY = "headers";
  static final String USER_KEY = "username";
  static final String PASSWORD_KEY = "password";
  static final String TOKEN_KEY = "HF_TOKEN";

  /**
   * Those of a file behind https: headers, or a user and a password.
   *
   * @throws PreflightException when the Secret has neither, both, or one that cannot be used, or
   *     the URI is plain http
   */
  static HttpCredentials of(URI uri, StoreAccess access) throws PreflightException {
    StoreCredentials credentials = access.credentials();
    requireTls(uri, credentials);
    Optional<String> headers = credentials.text(HEADERS_KEY);
    Optional<String> user = credentials.text(USER_KEY);
    Optional<String> password = credentials.text(PASSWORD_KEY);
    if (headers.isPresent() && (user.isPresent() || password.isPresent())) {
      throw invalid(
          "Secret %s has the key %s beside %s or %s; leave one kind of credentials"
              .formatted(credentials.secretName(), HEADERS_KEY, USER_KEY, PASSWORD_KEY));
    }
    if (headers.isPresent()) {
      return new HttpCredentials(
          uri, HeaderLines.read(headers.get(), credentials.secretName()), credentials.secretName());
    }
    if (user.isPresent() || password.isPresent()) {
      return new HttpCredentials(
          uri,
          List.of(Map.entry("Authorization", basic(user, password, credentials.secretName()))),
          credentials.secretName());
    }
    requireNone(access, "%s, or %s and %s".formatted(HEADERS_KEY, USER_KEY, PASSWORD_KEY));
    return new HttpCredentials(uri, List.of(), credentials.secretName());
  }

  /**
   * Those of a Hugging Face hub: its token.
   *
   * @throws PreflightException when the Secret has none, or the hub is plain http
   */
  static HttpCredentials ofHub(URI uri, StoreAccess access) throws PreflightException {
    StoreCredentials credentials = access.credentials();
    requireTls(uri, credentials);
    Optional<String> token = credentials.text(TOKEN_KEY).map(String::strip);
    if (token.isEmpty()) {
      requireNone(access, TOKEN_KEY);
      return new HttpCredentials(uri, List.of(), credentials.secretName());
    }
    if (!HeaderLines.isToken68(token.get())) {
      throw invalid(
          "the value of %s in Secret %s is not a token; set it to the token alone, of letters, digits and \"-._~+/=\""
              .formatted(TOKEN_KEY, credentials.secretName()));
    }
    return new HttpCredentials(
        uri,
        List.of(Map.entry("Authorization", "Bearer " + token.get())),
        credentials.secretName());
  }

  /** Whether a request to a URI has them. */
  boolean sentTo(URI uri) {
    return !headers.isEmpty() && Origins.same(origin, uri);
  }

  /** Puts them on a request. */
  void addTo(HttpRequest.Builder request, URI uri) {
    if (!sentTo(uri)) {
      return;
    }
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase("User-Agent")) {
        request.setHeader(header.getKey(), header.getValue());
      } else {
        request.header(header.getKey(), header.getValue());
      }
    }
  }

  private static void requireTls(URI uri, StoreCredentials credentials) throws PreflightException {
    if (!credentials.secretName().isEmpty() && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw new PreflightException(
          Reason.InvalidConfiguration,
          "%s is plain http, over which the credentials of Secret %s are never sent; use https, or remove spec.model.credentials"
              .formatted(Urls.shown(uri), credentials.secretName()));
    }
  }

  /** A Secret may also be there for the proxy alone. */
  private static void requireNone(StoreAccess access, String keys) throws PreflightException {
    StoreCredentials credentials = access.credentials();
    boolean ofProxy = access.proxy().flatMap(HttpProxy::user).isPresent();
    if (!credentials.secretName().isEmpty() && !ofProxy) {
      throw invalid(
          "Secret %s has no credentials for this kind of source; add %s, or remove spec.model.credentials"
              .formatted(credentials.secretName(), keys));
    }
  }

  private static String basic(Optional<String> user, Optional<String> password, String secret)
      throws PreflightException {
    if (user.isEmpty() || password.isEmpty()) {
      throw invalid(
          "Secret %s has only one of %s and %s; add the other"
              .formatted(secret, USER_KEY, PASSWORD_KEY));
    }
    if (user.get().isEmpty() || user.get().contains(":") || control(user.get())) {
      throw invalid(
          "the value of %s in Secret %s is empty, or has a colon or a control character; HTTP does not transport it: correct it"
              .formatted(USER_KEY, secret));
    }
    if (control(password.get())) {
      throw invalid(
          "the value of %s in Secret %s has a control character, for example a line break; correct it"
              .formatted(PASSWORD_KEY, secret));
    }
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user.get() + ":" + password.get()).getBytes(StandardCharsets.UTF_8));
  }

  private static boolean control(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private static PreflightException invalid(String sentence) {
    return new PreflightException(Reason.CredentialsInvalid, sentence);
  }

  /** Never with a value. */
  @Override
  public String toString() {
    return "HttpCredentials of Secret " + secretName;
  }
}
