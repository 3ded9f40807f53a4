package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {

  private static final byte[] MODEL = "the bytes of a model".getBytes(StandardCharsets.UTF_8);
  private static final Limits SHORT =
      new Limits(Duration.ofSeconds(2), Duration.ofMillis(700), Duration.ofSeconds(20));

  @TempDir Path folder;
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    done.countDown();
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({"/ok", "/chunked", "/once-500", "/redirect"})
  void fetches(String path) throws PreflightException {
    assertThat(fetch(path, 1000)).isEqualTo(Digest.of(MODEL));
  }

  @ParameterizedTest
  @CsvSource({
    "/404, ModelNotFound",
    "/410, ModelNotFound",
    "/401, DownloadForbidden",
    "/403, DownloadForbidden",
    "/418, DownloadFailed",
    "/500, DownloadFailed",
    "/429, DownloadFailed",
    "/hang, DownloadTimeout",
    "/fail-then-hang, DownloadFailed",
    "/stall, DownloadTimeout",
    "/cut, DownloadFailed",
    "/loop, DownloadFailed",
    "/to-file, DownloadRefused",
    "/to-metadata, DownloadRefused",
    "/large, ModelTooLarge",
    "/large-chunked, ModelTooLarge",
  })
  void tellsWhyNot(String path, Reason reason) {
    PreflightException failure =
        catchThrowableOfType(PreflightException.class, () -> fetch(path, 1000));

    assertThat(failure.reason()).as(failure.sentence()).isEqualTo(reason);
    assertThat(failure.sentence()).doesNotContain("signature", "Exception");
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void everyRedirectMustLeadToAnAllowedHost() throws PreflightException {
    int port = server.getAddress().getPort();
    URI uri = URI.create("http://127.0.0.1:%d/to-localhost".formatted(port));
    AllowedHosts both = new AllowedHosts(List.of("127.0.0.1:" + port, "localhost"));
    AllowedHosts first = new AllowedHosts(List.of("127.0.0.1:" + port));
    AllowedHosts second = new AllowedHosts(List.of("localhost"));

    assertThat(new Download(uri, access(network(), both)).copyModel(new ModelStore(folder, 1000)))
        .isEqualTo(Digest.of(MODEL));
    assertThat(refusal(uri, first))
        .isEqualTo(
            "%s redirects elsewhere: localhost is not among the hosts that models may come from (127.0.0.1:%d); use one of these, or have it added to the operator's modelHosts"
                .formatted(uri, port));
    assertThat(requests.getAndSet(0)).as("localhost was not asked").isEqualTo(3);
    assertThat(refusal(uri, second)).startsWith("127.0.0.1 is not among");
    assertThat(requests.get()).isZero();
  }

  private String refusal(URI uri, AllowedHosts hosts) {
    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                new Download(uri, access(network(), hosts))
                    .copyModel(new ModelStore(folder, 1000)));
    assertThat(failure.reason()).isEqualTo(Reason.DownloadRefused);
    return failure.sentence();
  }

  /** As long as the API admits: signed URLs carry tokens. */
  @Test
  void fetchesALongSignedUrlAndHidesItsQuery() throws PreflightException {
    String query = "sig=" + "s".repeat(8000);

    assertThat(fetch("/ok", query, 1000)).isEqualTo(Digest.of(MODEL));
    PreflightException failure =
        catchThrowableOfType(PreflightException.class, () -> fetch("/404", query, 1000));
    assertThat(failure.sentence()).contains("/404?… answered 404").doesNotContain("sss");
  }

  @Test
  void triesAgainWhatMayPassAndNothingElse() {
    var _ = catchThrowableOfType(PreflightException.class, () -> fetch("/500", 1000));
    assertThat(requests.getAndSet(0)).isGreaterThan(1);
    var _ = catchThrowableOfType(PreflightException.class, () -> fetch("/404", 1000));
    assertThat(requests.get()).isEqualTo(1);
  }

  @Test
  void reportsAPortWhereNobodyListensAndANameNobodyHas() {
    server.stop(0);
    PreflightException refused =
        catchThrowableOfType(PreflightException.class, () -> fetch("/ok", 1000));
    assertThat(refused.reason()).as(refused.sentence()).isEqualTo(Reason.DownloadFailed);

    PreflightException unknown =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                new Download(
                        URI.create("http://no-such-host.invalid/m.onnx"),
                        access(network(), AllowedHosts.ANY))
                    .copyModel(new ModelStore(folder, 10)));
    assertThat(unknown.sentence()).contains("no-such-host.invalid cannot be resolved");
  }

  @Test
  void doesNotWaitForANameServerForGood() {
    Network network =
        new Network(
            AddressPolicy.publicAndPrivate(),
            new Limits(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(1)),
            host -> {
              await();
              return new InetAddress[0];
            },
            new DownloadProgress());

    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                new Download(
                        URI.create("http://slow.example/m.onnx"), access(network, AllowedHosts.ANY))
                    .copyModel(new ModelStore(folder, 10)));

    assertThat(failure.reason()).isEqualTo(Reason.DownloadTimeout);
    assertThat(failure.sentence()).contains("slow.example was not resolved in time");
  }

  @ParameterizedTest
  @CsvSource({
    "/403, X-Amz-Date=20240102T030405Z&X-Amz-Expires=60",
    "/400, X-Goog-Date=20240102T030405Z&X-Goog-Expires=60",
    "/404, se=2024-01-02T03:05:05Z&sig=a",
    "/to-signed, other=1",
  })
  void saysThatASignedUrlExpired(String path, String query) {
    PreflightException failure =
        catchThrowableOfType(PreflightException.class, () -> fetch(path, query, 1000));

    assertThat(failure.reason()).isEqualTo(Reason.DownloadForbidden);
    assertThat(failure.sentence())
        .contains("the signature of this URL expired at 2024-01-02T03:05:05Z")
        .doesNotContain("20240102", "sig=");
    assertThat(requests.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void doesNotCallASignatureExpiredThatIsNot() {
    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class, () -> fetch("/403", "se=2999-01-01&sig=a", 1000));

    assertThat(failure.sentence()).contains("reading it is not allowed");
  }

  /** An address needs no name server, so none can be slow. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]"})
  void looksUpNoAddress(String host) {
    Network network =
        new Network(
            address -> true,
            new Limits(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(1)),
            name -> {
              throw new AssertionError("looked up " + name);
            },
            new DownloadProgress());
    server.stop(0);

    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                new Download(
                        URI.create("http://%s:%d/m".formatted(host, server.getAddress().getPort())),
                        access(network, AllowedHosts.ANY))
                    .copyModel(new ModelStore(folder, 10)));

    assertThat(failure.sentence()).contains("cannot be reached").doesNotContain("resolved");
  }

  private Digest fetch(String path, long maxBytes) throws PreflightException {
    return fetch(path, "signature=abc", maxBytes);
  }

  private Digest fetch(String path, String query, long maxBytes) throws PreflightException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path + "?" + query);
    return new Download(uri, access(network(), AllowedHosts.ANY))
        .copyModel(new ModelStore(folder, maxBytes));
  }

  /** Loopback is where the test's server is; everything else is judged as in production. */
  private static Network network() {
    AddressPolicy production = AddressPolicy.publicAndPrivate();
    return new Network(address -> address.isLoopbackAddress() || production.allows(address), SHORT);
  }

  private void answer(HttpExchange exchange) throws IOException {
    int count = requests.incrementAndGet();
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      switch (path) {
        case "/ok" -> send(exchange, MODEL);
        case "/chunked" -> stream(exchange, 0, MODEL);
        case "/once-500" -> {
          if (count == 1) {
            exchange.sendResponseHeaders(500, -1);
          } else {
            send(exchange, MODEL);
          }
        }
        case "/redirect" -> redirect(exchange, "/ok");
        case "/to-localhost" ->
            redirect(exchange, "http://localhost:%d/ok".formatted(server.getAddress().getPort()));
        case "/loop" -> redirect(exchange, "/loop");
        case "/to-signed" ->
            redirect(exchange, "/403?X-Amz-Date=20240102T030405Z&X-Amz-Expires=60");
        case "/to-file" -> redirect(exchange, "file:///etc/passwd");
        case "/to-metadata" -> redirect(exchange, "http://169.254.169.254/");
        case "/fail-then-hang" -> {
          if (count == 1) {
            exchange.sendResponseHeaders(500, -1);
          } else {
            await();
          }
        }
        case "/hang" -> await();
        case "/stall" -> {
          stream(exchange, 1000, MODEL);
          await();
        }
        case "/cut" -> stream(exchange, 1000, MODEL);
        case "/large" -> send(exchange, new byte[2000]);
        case "/large-chunked" -> stream(exchange, 0, new byte[2000]);
        default -> exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), -1);
      }
    }
  }

  private void await() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    stream(exchange, body.length, body);
  }

  private static void stream(HttpExchange exchange, long length, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, length);
    exchange.getResponseBody().write(body);
    exchange.getResponseBody().flush();
  }

  private static StoreAccess access(Network network, AllowedHosts hosts) {
    return StoreAccess.open(network, hosts);
  }
}
