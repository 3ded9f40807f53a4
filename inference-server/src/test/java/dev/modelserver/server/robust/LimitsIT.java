package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import dev.modelserver.server.robust.Wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on connections, streams and slow bodies, on a server with a small heap. */
class LimitsIT {

  private static final String GOOD = "{\"features\":[3,1]}";

  /** One for every 32 KiB of the heap. */
  private static final int CONNECTIONS = 2048;

  /** Below the limit of a body; a handful of them are all that there is memory for. */
  private static final int LARGE_BYTES = 3_000_000;

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;

  @RegisterExtension
  private static final ServerProcess server =
      ServerProcess.of(
          "integer-labels",
          "{\"requestTimeoutMillis\":1000}",
          Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m"));

  @AfterEach
  void stillAnswers() {
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(server.post("/predict", GOOD).statusCode()).isEqualTo(200));
  }

  @Test
  void aPortTakesSoManyConnectionsAndTheOtherPortsTheirOwn()
      throws IOException, InterruptedException {
    List<Socket> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        crowd.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
      }
      try (Wire late = wire()) {
        Reply refused = Objects.requireNonNull(late.read(false));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers()).containsEntry("retry-after", "1");
        assertThat(refused.closes()).isTrue();
        assertThat(refused.text()).startsWith("{\"error\":\"the server has no room for another");
      }
      assertThat(server.management("/health").statusCode()).isEqualTo(200);
    } finally {
      for (Socket one : crowd) {
        one.close();
      }
    }
  }

  @Test
  void aBodyThatDripsIsEnded() throws IOException {
    try (Wire wire = wire()) {
      wire.send(
          Http1.latin(
              Http1.head("POST /predict HTTP/1.1", "Content-Type: application/json")
                  .append("Content-Length: 100000\r\n\r\n")
                  .toString()));
      int sent = 0;
      while (wire.in().available() == 0 && sent < 1000) {
        wire.send(new byte[] {' '});
        sent++;
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
      Reply reply = Objects.requireNonNull(wire.read(false));

      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.text()).contains("the body did not arrive within 1000 ms; send it faster");
      assertThat(reply.closes()).isTrue();
      assertThat(wire.in().read()).isEqualTo(-1);
    }
  }

  @Test
  void aBodyThatDripsIsEndedInAStreamWithoutItsConnection() throws IOException {
    try (Http2Wire wire = new Http2Wire(server.port(), PATIENCE_MILLIS)) {
      byte[] post = Http2.post(1, "/predict", GOOD);
      byte[] whole = Http2.post(3, "/predict", GOOD);
      int end = Http2.data(1, Http2.END_STREAM, Http1.latin(GOOD)).length;
      wire.send(
          Http1.join(
              Http2.PREFACE,
              Http2.frame(Http2.SETTINGS, 0, 0, new byte[0]),
              Arrays.copyOf(post, post.length - end),
              Http2.data(1, 0, new byte[] {' '})));

      assertThat(wire.readUntilEndOf(1)).isTrue();

      Http2Wire.Answer answer = Objects.requireNonNull(wire.answers().get(1));
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.text()).contains("the body did not arrive within 1000 ms");
      // HTTP/2 has no such header: clients would take the whole answer for malformed
      assertThat(answer.headers).doesNotContainKey("connection");
      wire.send(whole);
      assertThat(wire.readUntilEndOf(3)).isTrue();
      assertThat(Objects.requireNonNull(wire.answers().get(3)).status()).isEqualTo(200);
    }
  }

  /** Which would take more than the whole heap, and be refused all the same. */
  @Test
  void stringsThatTheModelDoesNotTakeAreNotRead() throws IOException, InterruptedException {
    int count = 950_000;
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[%d],\"data\":[%s]}]}"
            .formatted(count, "\"a\"" + ",\"a\"".repeat(count - 1));

    HttpResponse<String> response = server.post("/v2/models/integer-labels/infer", body);

    assertThat(response.body())
        .isEqualTo(
            "{\"error\":\"the input \\\"x\\\" has the datatype BYTES; the model takes FP32\"}");
    assertThat(response.statusCode()).isEqualTo(400);
  }

  /** Both ways of keeping a body: on the heap, and outside it where tensors are announced. */
  @Test
  void bodiesOfClientsThatLeaveGiveTheirMemoryBack() throws IOException {
    for (String path : List.of("/predict", "/v2/models/m/infer")) {
      for (int i = 0; i < 20; i++) {
        try (Wire wire = wire()) {
          wire.send(
              Http1.latin(
                  Http1.head("POST " + path + " HTTP/1.1", "Content-Type: application/json")
                      .append("Inference-Header-Content-Length: 100\r\n")
                      .append("Content-Length: " + LARGE_BYTES + "\r\n\r\n")
                      .append(" ".repeat(LARGE_BYTES - 1))
                      .toString()));
        }
      }
    }
    String large = GOOD + " ".repeat(LARGE_BYTES - GOOD.length());

    await()
        .untilAsserted(
            () -> assertThat(server.post("/predict", large).statusCode()).isEqualTo(200));
  }

  @Test
  void aBodyThatKeepsComingIsNot() throws IOException {
    byte[] body = Http1.latin(GOOD + " ".repeat(200_000));
    int piece = body.length / 25 + 1;
    try (Wire wire = wire()) {
      wire.send(
          Http1.latin(
              Http1.head("POST /predict HTTP/1.1", "Content-Type: application/json")
                  .append("Content-Length: " + body.length + "\r\n\r\n")
                  .toString()));
      // three times as long as the server's patience, at 66 KB/s
      for (int from = 0; from < body.length; from += piece) {
        wire.send(Arrays.copyOfRange(body, from, Math.min(body.length, from + piece)));
        LockSupport.parkNanos(Duration.ofMillis(120).toNanos());
      }

      assertThat(Objects.requireNonNull(wire.read(false)).status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyOfTinyChunksIsRefusedAndASmallOneTaken() throws IOException {
    byte[] large = Http1.latin(GOOD + " ".repeat(20_000));

    assertThat(chunked(Http1.chunks(Http1.latin(GOOD + " ".repeat(10_000)), 1)).status())
        .isEqualTo(200);
    assertThat(chunked(Http1.chunks(large, 1)).text()).contains("send larger ones");
    assertThat(chunked(Http1.chunks(large, 64)).status()).isEqualTo(200);
  }

  @Test
  void aGrpcConnectionHasSoManyCallsAtOnce() throws IOException {
    try (Http2Wire wire = grpc()) {
      for (int i = 0; i <= 512; i++) {
        wire.send(open(3 + 2 * i, Http2.END_HEADERS));
      }
      int last = 3 + 2 * 512;

      assertThat(wire.readUntilEndOf(last)).isTrue();
      assertThat(Objects.requireNonNull(wire.answers().get(last)).reset).isEqualTo(REFUSED_STREAM);
    }
  }

  @Test
  void metadataHasALimit() throws IOException {
    try (Http2Wire wire = grpc()) {
      wire.send(open(3, 0));
      wire.send(Http2.frame(Http2.CONTINUATION, 0, 3, Http2.block("x", "y".repeat(12_000))));
      wire.send(
          Http2.frame(
              Http2.CONTINUATION, Http2.END_HEADERS, 3, Http2.block("z", "y".repeat(12_000))));

      boolean ended = wire.readUntilEndOf(3);

      Http2Wire.Answer answer = wire.answers().get(3);
      if (ended && answer != null) {
        assertThat(answer.status() == 431 || answer.reset >= 0).isTrue();
      } else {
        assertThat(wire.goAway()).isNotNegative();
      }
    }
  }

  @Test
  void aGrpcConnectionThatCancelsAllItsCallsIsEnded() throws IOException {
    try (Http2Wire wire = grpc()) {
      List<byte[]> frames = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        frames.add(open(3 + 2 * i, Http2.END_HEADERS));
        frames.add(Http2.frame(Http2.RST_STREAM, 0, 3 + 2 * i, new byte[] {0, 0, 0, 8}));
      }
      // what is sent after the farewell resets the connection; the farewell can be read before
      untilReset(() -> wire.send(Http1.join(frames)));
      untilReset(() -> assertThat(wire.readUntilEndOf(Integer.MAX_VALUE)).isFalse());
      assertThat(wire.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void untilReset(Step step) throws IOException {
    try {
      step.run();
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("Connection reset.*|Broken pipe.*");
    }
  }

  private static Wire wire() throws IOException {
    return new Wire(server.port(), PATIENCE_MILLIS);
  }

  private static Reply chunked(byte[] chunks) throws IOException {
    try (Wire wire = wire()) {
      wire.send(
          Http1.join(
              Http1.bodiless(
                  "POST /predict HTTP/1.1",
                  "Content-Type: application/json",
                  "Transfer-Encoding: chunked"),
              chunks));
      return Objects.requireNonNull(wire.read(false));
    }
  }

  /** A connection whose settings both sides know. */
  private static Http2Wire grpc() throws IOException {
    Http2Wire wire = new Http2Wire(server.grpcPort(), PATIENCE_MILLIS);
    wire.send(
        Http1.join(
            Http2.PREFACE,
            Http2.frame(Http2.SETTINGS, 0, 0, new byte[0]),
            Http2.call(
                1, "/inference.GRPCInferenceService/ServerLive", Http2.message(new byte[0]))));
    assertThat(wire.readUntilEndOf(1)).isTrue();
    return wire;
  }

  private static byte[] open(int stream, int flags) {
    return Http2.headers(
        stream,
        flags,
        ":method",
        "POST",
        ":scheme",
        "http",
        ":path",
        "/inference.GRPCInferenceService/ModelInfer",
        ":authority",
        "server",
        "content-type",
        "application/grpc",
        "te",
        "trailers");
  }
}
