package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private authorities, credentials and external data, with real servers. */
class DownloadAccessTest {

  private static final byte[] MODEL = "the bytes of a model".getBytes(StandardCharsets.UTF_8);
  private static final String SECRET = "s3cr3t-value";
  private static final String BASIC = "Basic d2ViOnMzY3IzdC12YWx1ZQ==";
  private static final Map<String, String> KEYS = Map.of("username", "web", "password", SECRET);

  @TempDir Path folder;
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private TlsStore store;
  private TlsStore other;

  @BeforeEach
  void start() throws Exception {
    store = new TlsStore(this::answer);
    other = new TlsStore(this::answer);
  }

  @AfterEach
  void stop() {
    store.close();
    other.close();
  }

  @Test
  void aPrivateAuthorityIsTrustedWhereItIsGiven() throws PreflightException {
    assertThat(fetch("/ok", Map.of())).isEqualTo(Digest.of(MODEL));

    PreflightException unknown =
        catchThrowableOfType(
            PreflightException.class,
            () -> fetch("/ok", TlsStore.access(Map.of(), Trust.PUBLIC, Optional.empty())));
    assertThat(unknown.reason()).isEqualTo(Reason.DownloadTlsFailed);
    assertThat(unknown.sentence())
        .contains("is not signed by a public authority", "spec.model.trust.configMap");
  }

  @Test
  void aTrustedAuthorityDoesNotExcuseAnotherName() {
    URI uri = URI.create(store.uri("/ok").toString().replace("localhost", "127.0.0.1"));
    PreflightException failure =
        catchThrowableOfType(PreflightException.class, () -> fetch(uri, access(Map.of())));

    assertThat(failure.reason()).isEqualTo(Reason.DownloadTlsFailed);
    assertThat(failure.sentence()).doesNotContain("spec.model.trust");
  }

  @Test
  void credentialsGoToTheOriginAndNotToARedirects() throws PreflightException {
    assertThat(fetch("/elsewhere", KEYS)).isEqualTo(Digest.of(MODEL));
    assertThat(fetch("/here", KEYS)).isEqualTo(Digest.of(MODEL));

    assertThat(requests)
        .containsExactly("/elsewhere " + BASIC, "/ok null", "/here " + BASIC, "/ok " + BASIC);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void refusedCredentialsAreNamedByTheirSecret(int status) {
    PreflightException failure = refused("/" + status, access(KEYS));

    assertThat(failure.reason()).isEqualTo(Reason.DownloadForbidden);
    assertThat(failure.sentence())
        .endsWith(
            "/%d answered %d: it refused the credentials of Secret keys; correct them, or allow them to read the file"
                .formatted(status, status));
    assertThat(refused("/" + status, access(Map.of())).sentence())
        .contains("reading it is not allowed");
  }

  @Test
  void aServerThatRepeatsASecretDoesNotShowIt() {
    Map<String, String> keys = Map.of("headers", "X-Key: Token " + SECRET);
    for (String path : List.of("/echo-host", "/echo-path", "/echo-query")) {
      PreflightException failure =
          catchThrowableOfType(
              PreflightException.class,
              () -> {
                StoreAccess access = access(keys);
                var _ =
                    new SecretFilter(new Download(store.uri(path), access), access.credentials())
                        .copyModel(new ModelStore(folder, 1000));
              });
      assertThat(failure.sentence()).doesNotContain(SECRET, "X-Key");
    }
  }

  @Test
  void externalDataComesFromTheFolderOfTheModel() throws PreflightException {
    Download download = new Download(store.uri("/models/m.onnx"), access(KEYS));
    ModelStore files = new ModelStore(folder, 1000);

    assertThat(download.copyExternal("weights/part 1.bin", files)).isEqualTo(Digest.of(MODEL));
    assertThat(requests).containsExactly("/models/weights/part%201.bin " + BASIC);
    assertThat(folder.resolve("weights/part 1.bin")).hasBinaryContent(MODEL);
    PreflightException missing =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                new Download(store.uri("/404/m.onnx"), access(KEYS)).copyExternal("w.bin", files));
    assertThat(missing.reason()).isEqualTo(Reason.ModelNotFound);
    assertThat(missing.sentence())
        .startsWith("the model needs the external data file \"w.bin\", and https://localhost:");
    PreflightException tooLarge =
        catchThrowableOfType(
            PreflightException.class,
            () -> download.copyExternal("again.bin", new ModelStore(folder, 10)));
    assertThat(tooLarge.reason()).isEqualTo(Reason.ModelTooLarge);
  }

  @Test
  void retryAfterIsHonouredOrSaid() throws PreflightException {
    long start = System.nanoTime();
    assertThat(fetch("/busy-once", Map.of())).isEqualTo(Digest.of(MODEL));
    assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
    assertThat(requests).hasSize(2);

    assertThat(refused("/busy", access(Map.of())).sentence())
        .contains(
            "answered 503", "asks to retry after 120 s (Retry-After), which is not within the 1 s");
    assertThat(refused("/busy-date", access(Map.of())).sentence()).contains("asks to retry after");
    assertThat(requests).hasSize(4);
  }

  private PreflightException refused(String path, StoreAccess access) {
    PreflightException failure =
        catchThrowableOfType(PreflightException.class, () -> fetch(path, access));
    assertThat(failure.sentence()).doesNotContain(SECRET, BASIC, "Exception");
    return failure;
  }

  private Digest fetch(String path, Map<String, String> keys) throws PreflightException {
    return fetch(path, access(keys));
  }

  private Digest fetch(String path, StoreAccess access) throws PreflightException {
    return fetch(store.uri(path), access);
  }

  private Digest fetch(URI uri, StoreAccess access) throws PreflightException {
    return new Download(uri, access).copyModel(new ModelStore(folder, 1000));
  }

  private static StoreAccess access(Map<String, String> keys) {
    return TlsStore.access(keys, TlsStore.trust(), Optional.empty());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    int count = requests.size();
    try (exchange) {
      switch (path) {
        case "/elsewhere" -> redirect(exchange, other.uri("/ok").toString());
        case "/here" -> redirect(exchange, "/ok");
        case "/echo-host" -> redirect(exchange, "https://%s.invalid/".formatted(key(exchange)));
        case "/echo-path" -> redirect(exchange, "/404/" + key(exchange));
        case "/echo-query" -> redirect(exchange, "/404/?key=" + key(exchange));
        case "/busy" -> busy(exchange, "120");
        case "/busy-date" ->
            busy(
                exchange,
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    ZonedDateTime.now(ZoneOffset.UTC).plusHours(1)));
        case "/busy-once" -> {
          if (count == 1) {
            busy(exchange, "1");
          } else {
            send(exchange);
          }
        }
        case "/401", "/403" ->
            exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), -1);
        default -> {
          if (path.startsWith("/404")) {
            exchange.sendResponseHeaders(404, -1);
          } else {
            send(exchange);
          }
        }
      }
    }
  }

  private static String key(HttpExchange exchange) {
    String value = exchange.getRequestHeaders().getFirst("X-Key");
    return value.substring(value.indexOf(' ') + 1);
  }

  private static void send(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, MODEL.length);
    exchange.getResponseBody().write(MODEL);
  }

  private static void busy(HttpExchange exchange, String retryAfter) throws IOException {
    exchange.getResponseHeaders().set("Retry-After", retryAfter);
    exchange.sendResponseHeaders(503, -1);
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }
}
