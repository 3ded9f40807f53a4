package dev.modelserver.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real connections, with an answer that no socket has room for. */
class UnreadAnswersTest {

  private static final int BYTES = 32 << 20;

  /** What is told of its size, which says how long it may take: the smallest that counts. */
  private static final int TOLD = 64 << 10;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void nobodyReadsForeverAndTheRoomComesBack() throws IOException {
    UnreadAnswers unread = new UnreadAnswers(vertx, Duration.ofMillis(1), TOLD);
    try (Socket client = asking(server(unread))) {
      assertThat(status(client)).isEqualTo("HTTP/1.1 200 OK");

      await().until(() -> unread.held() == 0);
      assertThat(client.getInputStream().readAllBytes().length).isLessThan(BYTES);
    }
  }

  @Test
  void whoReadsGetsAllOfIt() throws IOException {
    UnreadAnswers unread = new UnreadAnswers(vertx, Duration.ofMinutes(1), TOLD);
    try (Socket client = asking(server(unread))) {
      assertThat(client.getInputStream().readNBytes(BYTES)).hasSize(BYTES);
      await().until(() -> unread.held() == 0);
    }
  }

  /** And one that is larger than all may be is sent alone: it would never be otherwise. */
  @Test
  void whoLeavesGivesTheRoomBackToTheNext() throws IOException {
    UnreadAnswers unread = new UnreadAnswers(vertx, Duration.ofMinutes(1), TOLD / 2);
    HttpServer server = server(unread);
    try (Socket first = asking(server)) {
      assertThat(status(first)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(status(asking(server))).isEqualTo("HTTP/1.1 503 Service Unavailable");
    }

    await().until(() -> unread.held() == 0);
    assertThat(status(asking(server))).isEqualTo("HTTP/1.1 200 OK");
  }

  private HttpServer server(UnreadAnswers unread) {
    return vertx
        .createHttpServer()
        .requestHandler(
            request -> {
              if (!unread.send(
                  request, TOLD, () -> request.response().end(Buffer.buffer(new byte[BYTES])))) {
                var _ = request.response().setStatusCode(503).end();
              }
            })
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private static Socket asking(HttpServer server) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    client
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static String status(Socket client) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = client.getInputStream().read();
        next != '\r' && next >= 0;
        next = client.getInputStream().read()) {
      line.append((char) next);
    }
    return line.toString();
  }
}
