package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * How the store of one model is reached.
 *
 * @param hosts where files may come from, each redirect included
 * @param credentials what the model's credentials Secret has
 * @param trust whose certificates the store may have
 * @param proxy what https requests go through
 */
record StoreAccess(
    Network network,
    AllowedHosts hosts,
    StoreCredentials credentials,
    Trust trust,
    Optional<HttpProxy> proxy) {

  private static final String AGENT = "modelserver-preflight";

  /** Without credentials, private authorities and proxy. */
  static StoreAccess open(Network network, AllowedHosts hosts) {
    return new StoreAccess(network, hosts, StoreCredentials.NONE, Trust.PUBLIC, Optional.empty());
  }

  /** Whether a request goes through the proxy. */
  boolean proxied(URI uri) {
    return proxy.isPresent() && proxy.get().takes(uri);
  }

  /**
   * Refuses the host of a URI when it has an address that models are not fetched from. Behind a
   * proxy only an address in the URI itself is checked: the proxy looks up names.
   *
   * @param patience how long the look-up of its name may take
   */
  void checkAddress(URI uri, Duration patience)
      throws PreflightException, TransientFailure, InterruptedException {
    if (!proxied(uri) || Network.isLiteral(uri.getHost())) {
      network.check(uri.getHost(), patience);
    }
  }

  /** A client with the proxy and the authorities; it follows no redirect. */
  HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(network.limits().retrying());
    if (trust.manager().isPresent()) {
      builder.sslContext(trust.context());
    }
    // not the system's proxy: it would see what no configuration names
    builder.proxy(proxy.map(HttpProxy::selector).orElse(HttpClient.Builder.NO_PROXY));
    return builder.build();
  }

  /**
   * Begins a request; with what the proxy takes, which is sent to the proxy alone.
   *
   * <p>Over plain http, Java's client offers HTTP/2 with an {@code Upgrade} header, which some
   * servers refuse and others accept without speaking it. Over https, TLS negotiates the version.
   */
  HttpRequest.Builder request(URI uri) {
    boolean tunnel = proxied(uri);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .version(
                tunnel || uri.getScheme().equalsIgnoreCase("http")
                    ? HttpClient.Version.HTTP_1_1
                    : HttpClient.Version.HTTP_2)
            .header("User-Agent", AGENT);
    if (tunnel) {
      proxy
          .flatMap(HttpProxy::authorization)
          .ifPresent(value -> request.header("Proxy-Authorization", value));
    }
    return request;
  }
}
