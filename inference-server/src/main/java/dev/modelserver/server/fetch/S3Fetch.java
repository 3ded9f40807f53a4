package dev.modelserver.server.fetch;

import dev.modelserver.server.fetch.ModelStore.Part;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Fetches one object into the store. Transient failures are retried; a body that breaks off is
 * continued where it ended, as long as the object has the same ETag ({@code If-Match}).
 */
final class S3Fetch {

  private final ModelSource.S3Object object;
  private final S3Endpoint endpoint;
  private final StoreAccess access;
  private final ModelStore store;
  private final String name;
  private final long end;
  private long mostKept;

  /**
   * A fetch of one object.
   *
   * @param name of the file in the store
   */
  S3Fetch(
      ModelSource.S3Object object,
      S3Endpoint endpoint,
      StoreAccess access,
      ModelStore store,
      String name) {
    this.object = object;
    this.endpoint = endpoint;
    this.access = access;
    this.store = store;
    this.name = name;
    this.end = System.nanoTime() + access.network().limits().whole().toNanos();
    this.mostKept = kept();
  }

  /** Fetches it. */
  Digest copy() throws PreflightException {
    try (S3Transport transport = new S3Transport(access);
        S3Identity identity = S3Identity.of(access, endpoint, transport);
        S3Client client = endpoint.client(transport, identity.provider())) {
      if (endpoint.plain() && !identity.anonymous()) {
        throw new PreflightException(
            Reason.InvalidConfiguration,
            "spec.model.s3.endpoint %s is not encrypted, and credentials are never used over plain http; give an https endpoint, or make the object readable without credentials"
                .formatted(endpoint.uri()));
      }
      S3Failures failures = new S3Failures(object, endpoint, access, identity);
      return Attempts.retrying(
          access.network().limits().retrying(),
          deadline -> {
            transport.until(deadline);
            return attempt(client, identity, failures);
          });
    }
  }

  private Digest attempt(S3Client client, S3Identity identity, S3Failures failures)
      throws PreflightException, TransientFailure, InterruptedException {
    try {
      identity.renew();
      Optional<Part> left = store.left(name).filter(S3Fetch::canGoOn);
      if (left.isPresent()) {
        Optional<Digest> digest = rest(client, left.get());
        if (digest.isPresent()) {
          return digest.get();
        }
        // the object is another one now: begin again
        store.discard(name);
      }
      try (ResponseInputStream<GetObjectResponse> body = client.getObject(request().build())) {
        return whole(body, failures);
      }
    } catch (S3Exception e) {
      throw failures.answered(e);
    } catch (SdkException | IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      TransientFailure failure = failures.broken(e);
      long kept = kept();
      boolean progressed = kept > mostKept;
      mostKept = Math.max(mostKept, kept);
      throw progressed ? failure.afterProgress() : failure;
    }
  }

  /** Only an ETag can be the condition of a request for a part. */
  private static boolean canGoOn(Part left) {
    return left.offset() > 0 && left.version().orElse("").startsWith("\"");
  }

  /** What follows the part that is there; empty where the object has changed. */
  private Optional<Digest> rest(S3Client client, Part left) throws PreflightException, IOException {
    GetObjectRequest request =
        request()
            .range("bytes=%d-".formatted(left.offset()))
            .ifMatch(left.version().orElse(""))
            .build();
    try (ResponseInputStream<GetObjectResponse> body = client.getObject(request)) {
      Optional<Part> part =
          body.response().sdkHttpResponse().statusCode() == 206
              ? ByteRanges.rest(left, headers(body))
              : Optional.empty();
      return part.isPresent() ? Optional.of(copy(part.get(), body)) : Optional.empty();
    } catch (S3Exception e) {
      if (e.statusCode() == 412 || e.statusCode() == 416) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Digest whole(ResponseInputStream<GetObjectResponse> body, S3Failures failures)
      throws PreflightException, IOException {
    HttpHeaders headers = headers(body);
    if (headers.firstValue("Content-Type").orElse("").startsWith("text/html")
        && headers.firstValue("ETag").isEmpty()) {
      throw failures.notS3("with a web page");
    }
    return copy(ByteRanges.whole(headers), body);
  }

  private Digest copy(Part part, ResponseInputStream<GetObjectResponse> body)
      throws PreflightException, IOException {
    Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    return access.network().copy(uri(object), body, part, store, name, left);
  }

  private GetObjectRequest.Builder request() {
    return GetObjectRequest.builder().bucket(object.bucket()).key(object.key());
  }

  private static HttpHeaders headers(ResponseInputStream<GetObjectResponse> body) {
    return HttpHeaders.of(body.response().sdkHttpResponse().headers(), (_, _) -> true);
  }

  /** For messages. */
  static URI uri(ModelSource.S3Object object) {
    try {
      // as an authority: not every bucket is the name of a host
      return new URI("s3", object.bucket(), "/" + object.key(), null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("what a URI cannot have is encoded in it", e);
    }
  }

  private long kept() {
    return store.left(name).map(Part::offset).orElse(0L);
  }
}
