package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.SmallServer.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.ServerProcess;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on streams over HTTP/2, gRPC's among them, on a server with a small heap. */
class Http2LimitsIT {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;

  @RegisterExtension private static final ServerProcess server = SmallServer.create();

  @AfterEach
  void stillAnswers() {
    SmallServer.awaitAnswer(server);
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
