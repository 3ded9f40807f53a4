package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a download did not bring the model: object, cause, remedy. */
final class DownloadFailures {

  private DownloadFailures() {}

  /** What an answer without the model means: thrown where it may pass, else returned. */
  static PreflightException status(URI uri, int status) throws TransientFailure {
    String url = Urls.shown(uri);
    Optional<Instant> expiry = SignedUrl.expiry(uri).filter(Instant.now()::isAfter);
    if (status < 500 && status != 408 && status != 429 && expiry.isPresent()) {
      return new PreflightException(
          Reason.DownloadForbidden,
          "%s answered %d: the signature of this URL expired at %s; create a new signed URL and set it as spec.model.uri"
              .formatted(url, status, expiry.get()));
    }
    return switch (status) {
      case 404, 410 ->
          new PreflightException(
              Reason.ModelNotFound,
              url
                  + " answered "
                  + status
                  + ": there is no such file; correct spec.model.uri or upload the model");
      case 401, 403 ->
          new PreflightException(
              Reason.DownloadForbidden,
              url
                  + " answered "
                  + status
                  + ": reading it is not allowed; make it readable, name its credentials in spec.model.credentials, or use a signed URL");
      case 408, 425, 429 ->
          throw new TransientFailure(
              Reason.DownloadFailed, url + " answered " + status + "; try again later");
      default -> {
        if (status >= 500) {
          throw new TransientFailure(
              Reason.DownloadFailed,
              url + " answered " + status + "; the store has a problem of its own");
        }
        yield new PreflightException(
            Reason.DownloadFailed,
            url + " answered " + status + " instead of the model; correct spec.model.uri");
      }
    };
  }

  /** What a connection that failed means. */
  static TransientFailure failure(URI uri, IOException e) {
    String url = Urls.shown(uri);
    return switch (e) {
      case HttpConnectTimeoutException _ ->
          new TransientFailure(
              Reason.DownloadTimeout,
              url
                  + " cannot be reached: no connection in time; check host, port and network"
                  + " policies");
      case HttpTimeoutException _ ->
          new TransientFailure(
              Reason.DownloadTimeout,
              url + " gave no answer in time; check the store and the network between");
      case ConnectException _ ->
          new TransientFailure(
              Reason.DownloadFailed,
              url
                  + " cannot be reached: connection refused or no route; check host, port and"
                  + " network policies");
      case SSLException _ ->
          new TransientFailure(
              Reason.DownloadTlsFailed,
              url
                  + " failed in TLS ("
                  + e.getMessage()
                  + ")"
                  + (unknownAuthority(e)
                      ? ": its certificate is not signed by a public authority; put the"
                          + " certificate of its authority into a ConfigMap, and name that in"
                          + " spec.model.trust.configMap"
                      : "; its certificate must be valid, and for this host"));
      default ->
          new TransientFailure(
              Reason.DownloadFailed,
              url
                  + " broke the connection before the end of the file; check the store and the"
                  + " network between");
    };
  }

  private static boolean unknownAuthority(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException
          || cause instanceof CertPathValidatorException) {
        return String.valueOf(cause.getMessage()).contains("find valid certification path")
            || String.valueOf(cause.getMessage()).contains("trust anchor");
      }
    }
    return String.valueOf(e.getMessage()).contains("unable to find valid certification path");
  }
}
