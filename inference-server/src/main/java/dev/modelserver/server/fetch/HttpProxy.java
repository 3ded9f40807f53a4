package dev.modelserver.server.fetch;

import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The forward proxy that https requests take, by CONNECT.
 *
 * @param user empty where the proxy asks for nobody's name
 * @param password no message shows it
 * @param noProxy what is reached without it: hosts, domains ({@code .example.com} or {@code
 *     *.example.com}: all names below), networks ({@code 10.0.0.0/8}: addresses in a URI, as no
 *     name is looked up), or {@code *}: everything
 */
record HttpProxy(
    String host, int port, Optional<String> user, Optional<String> password, List<String> noProxy) {

  /** Keys of the credentials Secret. */
  static final String USER_KEY = "proxy-username";

  static final String PASSWORD_KEY = "proxy-password";

  /**
   * The proxy of a configuration.
   *
   * @throws PreflightException when its URL or an exception cannot be used, or one of user and
   *     password is missing
   */
  static HttpProxy of(SourceConfig.Proxy config, StoreCredentials credentials)
      throws PreflightException {
    URI uri;
    try {
      uri = URI.create(config.https());
    } catch (IllegalArgumentException e) {
      throw invalid("is not a URL");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw invalid("is not of the form http://HOST:PORT");
    }
    if (uri.getRawUserInfo() != null) {
      throw invalid(
          "has a user or password in it; put them into the keys %s and %s of the Secret of spec.model.credentials"
              .formatted(USER_KEY, PASSWORD_KEY));
    }
    for (String exception : config.noProxy()) {
      if (exception.contains("/") && Cidr.of(exception).isEmpty()) {
        throw new PreflightException(
            Reason.InvalidConfiguration,
            "\"%s\" in spec.model.proxy.noProxy is no network; write one as 10.0.0.0/8"
                .formatted(Urls.shown(exception)));
      }
    }
    Optional<String> user = credentials.text(USER_KEY);
    Optional<String> password = credentials.text(PASSWORD_KEY);
    if (user.isPresent() != password.isPresent()) {
      throw new PreflightException(
          Reason.CredentialsInvalid,
          "Secret %s has only one of %s and %s; add the other, or remove both"
              .formatted(credentials.secretName(), USER_KEY, PASSWORD_KEY));
    }
    int port = uri.getPort() < 0 ? 80 : uri.getPort();
    return new HttpProxy(uri.getHost(), port, user, password, config.noProxy());
  }

  /** Whether a host is reached without the proxy. */
  boolean bypasses(String host) {
    String name = bare(host);
    return noProxy.stream().anyMatch(exception -> matches(bare(exception.strip()), name));
  }

  private static boolean matches(String exception, String host) {
    if (exception.equals("*") || exception.equals(host)) {
      return true;
    }
    if (exception.contains("/")) {
      return Cidr.of(exception).filter(network -> network.contains(host)).isPresent();
    }
    String domain = exception.startsWith("*.") ? exception.substring(1) : exception;
    return domain.startsWith(".") && host.endsWith(domain);
  }

  /** In lower case, without the dot of a full name and the brackets of an IPv6 address. */
  private static String bare(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    String unbracketed =
        lower.startsWith("[") && lower.endsWith("]")
            ? lower.substring(1, lower.length() - 1)
            : lower;
    return unbracketed.length() > 1 && unbracketed.endsWith(".")
        ? unbracketed.substring(0, unbracketed.length() - 1)
        : unbracketed;
  }

  /** Whether a request to a URI goes through it. */
  boolean takes(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme()) && !bypasses(uri.getHost());
  }

  /** The value of {@code Proxy-Authorization}, where it takes one. */
  Optional<String> authorization() {
    return user.map(
        name ->
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        (name + ":" + password.orElse("")).getBytes(StandardCharsets.UTF_8)));
  }

  /** For Java's client. */
  ProxySelector selector() {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return List.of(
            takes(uri)
                ? new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port))
                : Proxy.NO_PROXY);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // the request fails too
      }
    };
  }

  /** Never with the password. */
  @Override
  public String toString() {
    return "%s:%d".formatted(host, port);
  }

  private static PreflightException invalid(String problem) {
    return new PreflightException(
        Reason.InvalidConfiguration, "spec.model.proxy.https %s; correct it".formatted(problem));
  }
}
