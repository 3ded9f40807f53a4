package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.SmallServer.GOOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Header blocks that do not end, on the two ports that speak HTTP/2. */
class Http2HeaderBlocksIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration TOLERANCE = Duration.ofSeconds(5);
  private static final int STREAM = 3;
  private static final int PROTOCOL_ERROR = 1;
  private static final int ENHANCE_YOUR_CALM = 11;

  @RegisterExtension private static final ServerProcess server = SmallServer.create();

  @AfterEach
  void stillAnswers() {
    SmallServer.awaitAnswer(server);
  }

  @Test
  void aBlockThatDoesNotEndEndsItsConnectionAndNoOther() throws IOException, InterruptedException {
    try (Http2Wire data = begun(server.port());
        Http2Wire grpc = begun(server.grpcPort())) {
      long start = System.nanoTime();
      CompletableFuture<Void> ended = CompletableFuture.allOf(end(data), end(grpc));

      await()
          .atMost(LIMIT.plus(TOLERANCE))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                assertThat(server.post("/predict", GOOD).statusCode()).isEqualTo(200);
                return ended.isDone();
              });

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(LIMIT.minusSeconds(1));
      assertThat(ended.isCompletedExceptionally()).isFalse();
      assertThat(data.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
      assertThat(grpc.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
      assertThat(server.management("/metrics").body())
          .containsPattern("ml_errors_total\\{[^}]*type=\"slow_client\"[^}]*} 2[.]0");
    }
  }

  @Test
  void continuationsWithoutEndEndTheConnection() throws IOException {
    for (int port : List.of(server.port(), server.grpcPort())) {
      for (int size : List.of(0, 1, 100, 1000, 16_000)) {
        try (Http2Wire wire = begun(port)) {
          byte[] frame = Http2.frame(Http2.CONTINUATION, 0, STREAM, new byte[size]);
          int sent = 0;
          try {
            for (; sent < 100_000; sent++) {
              wire.send(frame);
            }
          } catch (SocketException e) {
            // ended, as it must be
          }
          untilEnd(wire);

          assertThat(sent).as("frames of %d bytes that were sent", size).isLessThan(100_000);
          assertThat(wire.goAway()).isIn(ENHANCE_YOUR_CALM, PROTOCOL_ERROR);
        }
        SmallServer.awaitAnswer(server);
      }
    }
  }

  @Test
  void aBlockInManyFramesIsRead() throws IOException {
    try (Http2Wire wire = begun(server.port())) {
      for (int i = 0; i < 10; i++) {
        wire.send(
            Http2.frame(Http2.CONTINUATION, 0, STREAM, Http2.block("x" + i, "y".repeat(500))));
      }
      wire.send(Http2.frame(Http2.CONTINUATION, Http2.END_HEADERS, STREAM, new byte[0]));

      assertThat(wire.readUntilEndOf(STREAM)).isTrue();
      assertThat(wire.answers().get(STREAM)).extracting(Http2Wire.Answer::status).isEqualTo(200);
    }
  }

  /** A connection whose settings both sides know, on which a second request has begun. */
  private static Http2Wire begun(int port) throws IOException {
    Http2Wire wire = new Http2Wire(port, (int) LIMIT.plus(TOLERANCE).toMillis());
    wire.send(
        Http1.join(
            Http2.PREFACE,
            Http2.frame(Http2.SETTINGS, 0, 0, new byte[0]),
            request(1, Http2.END_STREAM | Http2.END_HEADERS)));
    assertThat(wire.readUntilEndOf(1)).isTrue();
    wire.send(request(STREAM, Http2.END_STREAM));
    return wire;
  }

  private static byte[] request(int stream, int flags) {
    return Http2.headers(
        stream,
        flags,
        ":method",
        "GET",
        ":scheme",
        "http",
        ":path",
        "/ready",
        ":authority",
        "server");
  }

  private static CompletableFuture<Void> end(Http2Wire wire) {
    return CompletableFuture.runAsync(() -> untilEnd(wire));
  }

  private static void untilEnd(Http2Wire wire) {
    try {
      assertThat(wire.readUntilEndOf(STREAM)).isFalse();
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("Connection reset.*|Broken pipe.*");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
