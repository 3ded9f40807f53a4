package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import dev.modelserver.server.robust.Http2Wire.Answer;
import dev.modelserver.server.robust.Wire.Reply;
import dev.modelserver.server.secret.MountedSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests without a valid token, byte by byte: they are refused at once and hold nothing up, and
 * every request is counted for whoever sent it. Each test waits for all of its own.
 */
class UnknownCallersIT {

  private static final String TOKEN = "web-web-web-web-web";
  private static final String KNOWN = "Authorization: Bearer " + TOKEN;

  private static final int PATIENCE_MILLIS = 30_000;
  private static final byte[] LARGE = Http1.latin("[" + " ".repeat(8_000_000));

  @TempDir private static Path folder;
  private static ServerProcess server;

  private Map<String, Integer> before = Map.of();

  @BeforeAll
  static void start() throws Exception {
    MountedSecret.of(folder.resolve("tokens")).put("web", TOKEN).swap();
    server =
        ServerProcess.start(
            folder,
            "integer-labels",
            "{\"authentication\":{\"mode\":\"Strict\",\"secretName\":\"m-tokens\"}}",
            Map.of(
                "MODELSERVER_TOKENS_DIR",
                folder.resolve("tokens").toString(),
                "JAVA_TOOL_OPTIONS",
                "-Xmx64m"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void count() throws IOException, InterruptedException {
    before = counts();
  }

  @Test
  void aLargeBodyIsThrownAwayAndTheConnectionStaysOpen() throws IOException {
    byte[] chunked =
        Http1.join(
            Http1.bodiless("POST /predict HTTP/1.1", "Transfer-Encoding: chunked"),
            Http1.chunks(LARGE, 100_000));
    try (Wire wire = wire()) {
      for (byte[] large : List.of(Http1.json("/predict", LARGE), chunked)) {
        wire.send(large);
        refused(wire, "the request has no token; send ");
        wire.send(Http1.post("/predict", Http1.latin(SmallServer.GOOD), KNOWN, json()));
        assertThat(read(wire).status()).isEqualTo(200);
      }
    }
    counted(Map.of("anonymous 401", 2, "web 200", 2));
  }

  @Test
  void theAnswerComesBeforeTheBody() throws IOException {
    try (Wire wire = wire()) {
      wire.send(
          Http1.latin(
              Http1.head("POST /predict HTTP/1.1", "Authorization: Bearer " + TOKEN + "x", json())
                  + "Content-Length: "
                  + LARGE.length
                  + "\r\n\r\n"));
      refused(wire, "the token is not valid here; send ");
      wire.send(LARGE);
      wire.send(Http1.bodiless("GET /info HTTP/1.1", KNOWN));
      assertThat(read(wire).status()).isEqualTo(200);
    }
    counted(Map.of("unknown 401", 1, "web 200", 1));
  }

  @Test
  void aBodyWithoutEndIsCutOff() throws IOException {
    byte[] piece = new byte[1 << 20];
    try (Wire wire = wire()) {
      wire.send(Http1.bodiless("POST /predict HTTP/1.1", "Content-Length: 9999999999"));
      refused(wire, "the request has no token; send ");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  wire.send(piece);
                }
              })
          .isInstanceOf(IOException.class);
    }
    counted(Map.of("anonymous 401", 1));
  }

  @Test
  void manyWithoutATokenAreAnsweredInTheirOrder() throws IOException {
    try (Wire wire = wire()) {
      byte[] refused = Http1.json("/predict", SmallServer.GOOD);
      byte[] answered = Http1.bodiless("GET /v2 HTTP/1.1", KNOWN);
      wire.send(Http1.join(refused, answered, refused, answered));
      for (int status : List.of(401, 200, 401, 200)) {
        assertThat(read(wire).status()).isEqualTo(status);
      }
    }
    counted(Map.of("anonymous 401", 2, "web 200", 2));
  }

  static List<String> wrongHeaders() {
    return List.of(
        "Authorization: Bearer " + "x".repeat(19_000),
        "Authorization: Bearer web-web-web-web-we\u00e9",
        "Authorization: \u00ff\u00fe",
        "Authorization:",
        "Authorization: Basic " + "=".repeat(900),
        "Authorization: Basic d2Vi",
        "Authorization: Bearer " + TOKEN + "\r\nAuthorization: Basic x",
        KNOWN + "\r\nauthorization: Bearer " + TOKEN,
        "Authorization: Bearer " + TOKEN + ", Bearer " + TOKEN,
        "Authorization: " + TOKEN);
  }

  @ParameterizedTest
  @MethodSource("wrongHeaders")
  void whateverElseAHeaderHoldsIsNobodys(String header) throws IOException {
    try (Wire wire = wire()) {
      wire.send(Http1.bodiless("GET /info HTTP/1.1", header));
      refused(wire, "the token is not valid here; send ");
      wire.send(Http1.bodiless("GET /info HTTP/1.1", "AUTHORIZATION: bearer " + TOKEN));
      assertThat(read(wire).status()).isEqualTo(200);
    }
    counted(Map.of("unknown 401", 1, "web 200", 1));
  }

  @Test
  void http2IsAskedStreamByStream() throws IOException {
    try (Http2Wire wire = new Http2Wire(server.port(), PATIENCE_MILLIS)) {
      wire.send(Http1.join(Http2.PREFACE, Http2.frame(Http2.SETTINGS, 0, 0, new byte[0])));
      String bearer = "Bearer " + TOKEN;
      wire.send(
          Http1.join(
              get(1),
              get(3, "authorization", bearer),
              get(5, "authorization", bearer, "authorization", bearer),
              get(7, "authorization", "Bearer " + "x".repeat(8000)),
              Http2.post(9, "/predict", SmallServer.GOOD)));
      Map<Integer, Integer> wanted = Map.of(1, 401, 3, 200, 5, 401, 7, 401, 9, 401);
      for (Map.Entry<Integer, Integer> stream : wanted.entrySet()) {
        assertThat(wire.readUntilEndOf(stream.getKey())).isTrue();
        Answer answer = Objects.requireNonNull(wire.answers().get(stream.getKey()));
        assertThat(answer.status()).as("stream %d", stream.getKey()).isEqualTo(stream.getValue());
      }
    }
    counted(Map.of("anonymous 401", 2, "unknown 401", 2, "web 200", 1));
  }

  @Test
  void aKnownClientThatLeavesIsCountedAsGone() throws IOException {
    try (Wire wire = wire()) {
      wire.send(
          Http1.latin(
              Http1.head("POST /predict HTTP/1.1", KNOWN, json())
                  + "Content-Length: 1000\r\n\r\n{"));
    }
    counted(Map.of("web 499", 1));
  }

  @Test
  void healthIsOpenAndNotCounted() throws IOException {
    try (Wire wire = wire()) {
      for (String path : List.of("/health", "/ready", "/v2/health/live", "/v2/health/ready")) {
        wire.send(Http1.bodiless("GET " + path + " HTTP/1.1"));
        assertThat(read(wire).status()).as(path).isEqualTo(200);
      }
      // comes after them on this connection
      wire.send(Http1.bodiless("PUT /info HTTP/1.1", KNOWN));
      assertThat(read(wire).status()).isEqualTo(405);
    }
    counted(Map.of("web 405", 1));
  }

  private static byte[] get(int stream, String... more) {
    String[] fields = {
      ":method", "GET", ":scheme", "http", ":path", "/info", ":authority", "server"
    };
    return Http2.frame(
        Http2.HEADERS,
        Http2.END_HEADERS | Http2.END_STREAM,
        stream,
        Http1.join(Http2.block(fields), Http2.block(more)));
  }

  private static String json() {
    return "Content-Type: application/json";
  }

  private static Wire wire() throws IOException {
    return new Wire(server.port(), PATIENCE_MILLIS);
  }

  private static Reply read(Wire wire) throws IOException {
    return Objects.requireNonNull(wire.read(false));
  }

  private static void refused(Wire wire, String error) throws IOException {
    Reply reply = read(wire);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.closes()).isFalse();
    assertThat(reply.headers().get("www-authenticate"))
        .isEqualTo("Bearer realm=\"modelserver\", Basic realm=\"modelserver\", charset=\"UTF-8\"");
    assertThat(reply.text()).startsWith("{\"error\":\"" + error);
  }

  /** What was counted since the test began, and nothing else. */
  private void counted(Map<String, Integer> wanted) {
    await()
        .untilAsserted(
            () -> {
              Map<String, Integer> since = counts();
              before.forEach((key, value) -> since.merge(key, -value, Integer::sum));
              since.values().removeIf(value -> value == 0);
              assertThat(since).isEqualTo(wanted);
            });
  }

  private static Map<String, Integer> counts() throws IOException, InterruptedException {
    Map<String, Integer> counts = new TreeMap<>();
    server
        .management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("ml_client_requests_total{"))
        .forEach(
            line -> {
              String[] parts = line.split("[\" ]+");
              counts.put(
                  parts[1] + " " + parts[3], (int) Double.parseDouble(parts[parts.length - 1]));
            });
    return counts;
  }
}
