package dev.modelserver.server.fetch;

import dev.modelserver.server.fetch.ModelStore.Part;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Fetches one file over http or https into the store. Transient failures are retried; a body that
 * breaks off is continued where it ended, as long as the server says that the file is the same.
 */
final class HttpFetch {

  private static final int MAX_REDIRECTS = 5;

  /** What an answer without the file means to a kind of source. */
  @FunctionalInterface
  interface Explanation {

    /** Empty: what it means to any. */
    Optional<PreflightException> of(URI uri, int status, HttpHeaders headers);
  }

  private final StoreAccess access;
  private final HttpCredentials credentials;
  private final Explanation explanation;
  private final URI first;
  private final ModelStore store;
  private final String name;
  private final long end;
  private long mostKept;
  private Optional<String> sha256 = Optional.empty();

  /**
   * A fetch of one file.
   *
   * @param name of the file in the store
   */
  HttpFetch(
      StoreAccess access,
      HttpCredentials credentials,
      Explanation explanation,
      URI uri,
      ModelStore store,
      String name) {
    this.access = access;
    this.credentials = credentials;
    this.explanation = explanation;
    this.first = uri;
    this.store = store;
    this.name = name;
    this.end = System.nanoTime() + access.network().limits().whole().toNanos();
    this.mostKept = kept();
  }

  /** Fetches it. */
  Digest copy() throws PreflightException {
    try (HttpClient client = access.client()) {
      try {
        return Attempts.retrying(
            access.network().limits().retrying(), deadline -> attempt(client, deadline));
      } finally {
        client.shutdownNow();
      }
    }
  }

  private Digest attempt(HttpClient client, long deadline)
      throws PreflightException, TransientFailure, InterruptedException {
    URI uri = first;
    for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
      Redirects.requireAllowed(first, uri, access.hosts());
      access.checkAddress(uri, Attempts.left(deadline));
      Optional<Part> left = store.left(name).filter(part -> part.offset() > 0);
      try {
        HttpResponse<InputStream> response =
            client.send(request(uri, left, deadline), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
          HttpHeaders headers = response.headers();
          int status = response.statusCode();
          switch (status) {
            case 200 -> {
              return copy(ByteRanges.whole(headers), body);
            }
            case 301, 302, 303, 307, 308 -> {
              sha256 = HubDownload.linkedSha256(headers).or(() -> sha256);
              uri = Redirects.target(uri, headers);
            }
            case 206, 416 -> {
              Optional<Part> rest =
                  status == 206 && left.isPresent()
                      ? ByteRanges.rest(left.get(), headers)
                      : Optional.empty();
              if (rest.isPresent()) {
                return copy(rest.get(), body);
              }
              if (left.isEmpty()) {
                throw failed(uri, status, headers);
              }
              // it is not the rest of what is there: begin again
              store.discard(name);
            }
            default -> throw failed(uri, status, headers);
          }
        }
      } catch (IOException e) {
        throw broken(uri, e);
      }
    }
    throw Redirects.tooMany(first, MAX_REDIRECTS);
  }

  private HttpRequest request(URI uri, Optional<Part> left, long deadline) {
    HttpRequest.Builder request = access.request(uri).timeout(Attempts.left(deadline)).GET();
    credentials.addTo(request, uri);
    left.ifPresent(
        part -> {
          request.header("Range", "bytes=%d-".formatted(part.offset()));
          part.version().ifPresent(version -> request.header("If-Range", version));
        });
    return request.build();
  }

  private Digest copy(Part part, InputStream body) throws PreflightException, IOException {
    Duration whole = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    // the log and the report name the configured address: a redirect may repeat a credential
    Digest digest = access.network().copy(first, body, part, store, name, whole);
    if (sha256.isPresent() && !sha256.get().equals(digest.hex())) {
      throw new PreflightException(
          Reason.DownloadFailed,
          "%s sent a file with the SHA-256 %s, but names %s (X-Linked-Etag); check the hub or its mirror"
              .formatted(Urls.shown(first), digest.hex(), sha256.get()));
    }
    return digest;
  }

  private PreflightException failed(URI uri, int status, HttpHeaders headers)
      throws TransientFailure {
    if (status == 407) {
      return ProxyFailures.unauthorized(access);
    }
    Optional<PreflightException> own = explanation.of(uri, status, headers);
    if (own.isPresent()) {
      return own.get();
    }
    if ((status == 401 || status == 403) && credentials.sentTo(uri)) {
      return new PreflightException(
          Reason.DownloadForbidden,
          "%s answered %d: it refused the credentials of Secret %s; correct them, or allow them to read the file"
              .formatted(Urls.shown(uri), status, credentials.secretName()));
    }
    try {
      return DownloadFailures.status(uri, status);
    } catch (TransientFailure e) {
      throw e.retryAfter(RetryAfter.of(headers));
    }
  }

  private TransientFailure broken(URI uri, IOException e) throws PreflightException {
    TransientFailure failure =
        access.proxied(uri)
            ? ProxyFailures.failure(access, uri, e)
            : DownloadFailures.failure(uri, e);
    long kept = kept();
    boolean progressed = kept > mostKept;
    mostKept = Math.max(mostKept, kept);
    return progressed ? failure.afterProgress() : failure;
  }

  private long kept() {
    return store.left(name).map(Part::offset).orElse(0L);
  }
}
