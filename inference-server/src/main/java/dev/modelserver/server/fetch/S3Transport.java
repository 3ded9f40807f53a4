package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Sends the SDK's requests as all downloads are sent: with the checks of addresses, the proxy and
 * the authorities of {@link StoreAccess}. No redirect is followed.
 */
final class S3Transport implements SdkHttpClient {

  /** In bytes, of an answer that is not a file. */
  private static final int MAX_DOCUMENT = 64 << 10;

  /**
   * What the JDK's client sets itself, or our own value is sent of; none of it is signed but Host.
   */
  private static final Set<String> OWN =
      Set.of("host", "content-length", "connection", "expect", "user-agent", "transfer-encoding");

  private final StoreAccess access;
  private final HttpClient client;
  private volatile long deadline;

  S3Transport(StoreAccess access) {
    this.access = access;
    this.client = access.client();
  }

  /** A failure that has its sentence already. */
  static final class ExplainedFailure extends IOException {

    ExplainedFailure(Exception explained) {
      super(explained);
    }
  }

  /**
   * How long requests may wait for their answers from now on.
   *
   * @param time in that of {@link System#nanoTime}
   */
  void until(long time) {
    deadline = time;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        try {
          return send(request);
        } catch (PreflightException | TransientFailure e) {
          throw new ExplainedFailure(e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }

      @Override
      public void abort() {
        // no call has a time limit of the SDK's
      }
    };
  }

  private HttpExecuteResponse send(HttpExecuteRequest request)
      throws IOException, PreflightException, TransientFailure, InterruptedException {
    URI uri = request.httpRequest().getUri();
    if (request.httpRequest().method() == SdkHttpMethod.POST
        && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw new PreflightException(
          Reason.InvalidConfiguration,
          "the variable AWS_ENDPOINT_URL_STS is no https URL, and a token is never sent over plain http; correct it in spec.server.env");
    }
    access.checkAddress(uri, Attempts.left(deadline));
    HttpRequest.Builder builder =
        access
            .request(uri)
            .timeout(Attempts.left(deadline))
            .method(request.httpRequest().method().name(), body(request));
    for (Map.Entry<String, List<String>> header : request.httpRequest().headers().entrySet()) {
      if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        header.getValue().forEach(value -> builder.header(header.getKey(), value));
      }
    }
    HttpResponse<InputStream> response =
        client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
    boolean file =
        request.httpRequest().method() == SdkHttpMethod.GET && response.statusCode() / 100 == 2;
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(response.statusCode())
                .headers(response.headers().map())
                .build())
        .responseBody(
            AbortableInputStream.create(file ? response.body() : document(response.body())))
        .build();
  }

  private static HttpRequest.BodyPublisher body(HttpExecuteRequest request) throws IOException {
    if (request.contentStreamProvider().isEmpty()) {
      return HttpRequest.BodyPublishers.noBody();
    }
    try (InputStream in = request.contentStreamProvider().get().newStream()) {
      return HttpRequest.BodyPublishers.ofByteArray(in.readAllBytes());
    }
  }

  /** The SDK reads such an answer whole, however long it is. */
  private InputStream document(InputStream body) throws IOException {
    try (StallGuard guarded =
        new StallGuard(
            body, access.network().limits().stalled(), Attempts.left(deadline), _ -> {})) {
      return new ByteArrayInputStream(guarded.readNBytes(MAX_DOCUMENT));
    }
  }

  @Override
  public String clientName() {
    return "jdk";
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
