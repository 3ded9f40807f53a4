package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a proxy did not lead to the store. */
final class ProxyFailures {

  /** How Java's client says that CONNECT was answered with another status than 200. */
  private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

  private ProxyFailures() {}

  /** It answered 407. */
  static PreflightException unauthorized(StoreAccess access) {
    String proxy = name(access);
    String secret = access.credentials().secretName();
    boolean sent = access.proxy().flatMap(HttpProxy::user).isPresent();
    return new PreflightException(
        Reason.DownloadForbidden,
        sent
            ? "the proxy %s of spec.model.proxy answered 407: it refused %s and %s of Secret %s; correct them"
                .formatted(proxy, HttpProxy.USER_KEY, HttpProxy.PASSWORD_KEY, secret)
            : "the proxy %s of spec.model.proxy answered 407: it requires a user; add %s and %s to the Secret of spec.model.credentials"
                .formatted(proxy, HttpProxy.USER_KEY, HttpProxy.PASSWORD_KEY));
  }

  /**
   * What a connection through it that failed means: thrown where it does not pass, else returned.
   */
  static TransientFailure failure(StoreAccess access, URI uri, IOException e)
      throws PreflightException {
    Matcher tunnel = TUNNEL.matcher(String.valueOf(e.getMessage()));
    if (tunnel.find()) {
      int status = Integer.parseInt(tunnel.group(1));
      String sentence =
          "the proxy %s of spec.model.proxy answered %d to a connection to %s; have it allow this host, or add the host to spec.model.proxy.noProxy"
              .formatted(name(access), status, uri.getHost());
      if (status < 500) {
        throw new PreflightException(Reason.DownloadForbidden, sentence);
      }
      return new TransientFailure(Reason.DownloadFailed, sentence);
    }
    return switch (e) {
      case HttpConnectTimeoutException _ ->
          new TransientFailure(
              Reason.DownloadTimeout,
              "the proxy %s of spec.model.proxy, or %s behind it, cannot be reached: no connection in time; check both, and network policies"
                  .formatted(name(access), uri.getHost()));
      case ConnectException _ ->
          new TransientFailure(
              Reason.DownloadFailed,
              "the proxy %s of spec.model.proxy cannot be reached: connection refused, no route, or an unknown name; correct spec.model.proxy.https, or check network policies"
                  .formatted(name(access)));
      default -> DownloadFailures.failure(uri, e);
    };
  }

  private static String name(StoreAccess access) {
    return access.proxy().map(HttpProxy::toString).orElse("");
  }
}
