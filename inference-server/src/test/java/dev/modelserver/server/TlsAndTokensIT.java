package dev.modelserver.server;

import static dev.modelserver.server.SecuredServer.MODEL;
import static dev.modelserver.server.SecuredServer.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.grpc.wire.ServerLiveRequest;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that speaks TLS only and answers only who has a token, asked by clients of others. */
class TlsAndTokensIT {

  private static final String BODY = "{\"features\":[1,2]}";
  private static final byte[] LARGE = new byte[8_000_000];

  @RegisterExtension
  private static final SecuredServer secured = SecuredServer.create("Strict", Map.of());

  private static final ServerProcess server = secured.server();
  private static final TlsClients clients = secured.clients();

  @ParameterizedTest
  @EnumSource(Version.class)
  void withoutATokenEveryPathButHealthIsRefused(Version version) throws Exception {
    for (String path :
        List.of(
            "/",
            "/info",
            "/metrics",
            "/docs",
            "/docs/swagger-ui.css",
            "/openapi.json",
            "/v1/models",
            "/v1/models/" + MODEL,
            "/v2",
            "/v2/models/" + MODEL,
            "/v2/models/" + MODEL + "/stats",
            "/predict?features=1",
            "/q/health",
            "/q/metrics",
            "/nothing")) {
      HttpResponse<String> answer = clients.send(clients.request(path), version);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.body()).startsWith("{\"error\":\"the request has no token; send ");
      assertThat(answer.headers().allValues("WWW-Authenticate"))
          .containsExactly(
              "Bearer realm=\"modelserver\"", "Basic realm=\"modelserver\", charset=\"UTF-8\"");
      int admitted = clients.send(bearer(path, TOKEN), version).statusCode();
      assertThat(admitted).as(path).isNotEqualTo(401);
    }
    for (String path : List.of("/health", "/ready", "/v2/health/live", "/v2/health/ready")) {
      assertThat(clients.send(clients.request(path), version).statusCode()).as(path).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void everyProtocolAnswersAKnownClientAndNobodyElse(Version version) throws Exception {
    Map<String, String> bodies =
        Map.of(
            "/predict",
            BODY,
            "/v1/models/" + MODEL + ":predict",
            "{\"instances\":[[1,2]]}",
            "/v2/models/" + MODEL + "/infer",
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1,2]}]}");
    for (Map.Entry<String, String> body : bodies.entrySet()) {
      for (boolean known : List.of(true, false)) {
        HttpRequest.Builder request =
            bearer(body.getKey(), known ? TOKEN : TOKEN + "x")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.getValue()));
        HttpResponse<String> answer = clients.send(request, version);
        assertThat(answer.statusCode())
            .as(body.getKey() + " " + answer.body())
            .isEqualTo(known ? 200 : 401);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//predict",
        "/health/../predict",
        "/health/%2e%2e/predict",
        "/health/%2E%2e/info",
        "/%2e/info",
        "/health/..%2finfo",
        "/health%2f..%2finfo",
        "/health%00",
        "/health;/../info",
        "/%70redict",
        "/health/info",
        "/HEALTH",
        "/ready%20",
        "/v2/health/../models",
        "/v2/health/live/../../models",
        "/v2/health/live/..",
        "/v2/health/live/../..",
        "/v2/health/live/%2e%2e",
        "%2fhealth",
        "/%2fhealth",
        "//health/../info",
        "/v2/health",
        "/v2/health/other",
        "/info?/health",
        "http://localhost/info",
        "http://localhost/health/../info",
        "http://localhost",
        "*",
        "/info#/health"
      })
  void noSpellingOfAPathPassesForHealth(String path) throws Exception {
    String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(answer).doesNotStartWith("HTTP/1.1 2").matches("(?s)HTTP/1.1 (401|400) .*");
  }

  /** Whatever a spelling of health's path means, it shows no more than health. */
  @ParameterizedTest
  @ValueSource(strings = {"//health", "/info/../health", "/./health", "/%68ealth"})
  void anotherSpellingOfHealthIsHealthOrRefused(String path) throws Exception {
    HttpResponse<String> answer = clients.send(clients.request(path), Version.HTTP_1_1);
    if (answer.statusCode() != 401) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).startsWith("{\"status\":\"healthy\",\"timestamp\":");
    }
  }

  @Test
  void basicTakesTheNameOfAClientAndItsToken() throws Exception {
    assertThat(authorized("Basic " + base64("web:" + TOKEN))).isEqualTo(200);
    assertThat(authorized("basic " + base64("web:" + TOKEN))).isEqualTo(200);
    assertThat(authorized("bearer " + TOKEN)).isEqualTo(200);
    for (String wrong :
        List.of(
            "Basic " + base64("other:" + TOKEN),
            "Basic " + base64("web:" + TOKEN + "x"),
            "Basic " + base64(TOKEN),
            "Basic *",
            "Basic",
            "Bearer",
            "Bearer " + TOKEN.substring(1),
            "Bearer " + "x".repeat(5000),
            "Digest " + TOKEN,
            TOKEN)) {
      assertThat(authorized(wrong)).as(wrong).isEqualTo(401);
    }
    String two = "Authorization: Bearer " + TOKEN + "\r\n";
    assertThat(raw("GET /info HTTP/1.1\r\nHost: localhost\r\n" + two + two + "\r\n"))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void theBodyOfAnUnknownCallerIsNotWaitedFor() throws Exception {
    assertThat(raw("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"))
        .startsWith("HTTP/1.1 401 ");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aLargeBodyOfAnUnknownCallerHoldsNothingUp(Version version) throws Exception {
    try (HttpClient client = clients.http(version)) {
      for (int i = 0; i < 3; i++) {
        for (HttpRequest.BodyPublisher large :
            List.of(
                HttpRequest.BodyPublishers.ofByteArray(LARGE),
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(LARGE)))) {
          HttpRequest refused = clients.request("/predict").POST(large).build();
          assertThat(client.send(refused, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        }
        HttpRequest known = bearer("/info", TOKEN).build();
        assertThat(client.send(known, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void aPlainConnectionIsRefusedInWords() throws Exception {
    HttpResponse<String> answer = server.get("/health");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":\"this port speaks TLS only; use https://, or a gRPC channel with TLS\"}");
    try (GrpcClient plain = new GrpcClient(server)) {
      assertThat(
              GrpcClient.failure(
                      () -> plain.stub().serverLive(ServerLiveRequest.getDefaultInstance()))
                  .getCode())
          .isIn(Status.Code.UNAVAILABLE, Status.Code.INTERNAL);
    }
    assertThat(server.management("/metrics").body())
        .contains("ml_errors_total{type=\"tls_required\",}");
  }

  @Test
  void tls12IsSpokenToo() throws Exception {
    assertThat(raw("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", "TLSv1.2"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void http2IsNegotiatedAndTakenWithPriorKnowledge() throws Exception {
    String frame = raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
    assertThat((int) frame.charAt(3)).as("type of the first frame: SETTINGS").isEqualTo(4);
    for (int port : List.of(server.port(), server.grpcPort())) {
      try (SSLSocket socket =
          (SSLSocket) clients.context().getSocketFactory().createSocket("localhost", port)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      }
    }
  }

  @Test
  void theLimitsOfHeadsHoldBehindTls() throws Exception {
    assertThat(raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(21000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void requestsAreCountedByClient() throws Exception {
    assertThat(authorized("Bearer " + TOKEN)).isEqualTo(200);
    assertThat(authorized("Bearer nonsense")).isEqualTo(401);
    assertThat(clients.send(clients.request("/info"), Version.HTTP_2).statusCode()).isEqualTo(401);

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(server.management("/metrics").body())
                    .contains("ml_client_requests_total{client=\"web\",code=\"200\",}")
                    .contains("ml_client_requests_total{client=\"unknown\",code=\"401\",}")
                    .contains("ml_client_requests_total{client=\"anonymous\",code=\"401\",}")
                    .contains("ml_secret_reload_failed{secret=\"m-tls\",} 0.0")
                    .contains("ml_secret_reload_failed{secret=\"m-tokens\",} 0.0")
                    .contains("ml_tls_certificate_not_after_seconds{secret=\"m-tls\",}"));
    assertThat(server.log("serve")).doesNotContain(TOKEN);
  }

  private static int authorized(String header) throws IOException, InterruptedException {
    return clients
        .send(clients.request("/info").header("Authorization", header), Version.HTTP_1_1)
        .statusCode();
  }

  private static HttpRequest.Builder bearer(String path, String token) {
    return clients.request(path).header("Authorization", "Bearer " + token);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The head of the answer to bytes that no library changes. */
  private static String raw(String request, String... protocols) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) clients.context().getSocketFactory().createSocket("localhost", server.port())) {
      if (protocols.length > 0) {
        socket.setEnabledProtocols(protocols);
      }
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      byte[] answer = socket.getInputStream().readNBytes(13);
      return new String(answer, StandardCharsets.ISO_8859_1);
    }
  }
}
