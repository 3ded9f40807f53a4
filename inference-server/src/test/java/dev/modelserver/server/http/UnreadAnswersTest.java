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

/** Over a real connection, with an answer that no socket has room for. */
class UnreadAnswersTest {

  private static final int BYTES = 32 << 20;

  /** Says how large the answer is when it is asked how long it may take: as if it were small. */
  private static final int SMALL = 1;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void nobodyReadsForeverAndTheRoomComesBack() throws IOException {
    UnreadAnswers unread = new UnreadAnswers(vertx, Duration.ofMillis(300), SMALL);
    HttpServer server = server(unread);
    try (Socket client = asking(server)) {
      assertThat(client.getInputStream().read()).isEqualTo('H');
      await().until(() -> free(unread));

      assertThat(client.getInputStream().readAllBytes().length).isLessThan(BYTES);
    }
  }

  @Test
  void whoReadsGetsAllOfIt() throws IOException {
    UnreadAnswers unread = new UnreadAnswers(vertx, Duration.ofMinutes(1), SMALL);
    HttpServer server = server(unread);
    try (Socket client = asking(server)) {
      assertThat(client.getInputStream().readNBytes(BYTES)).hasSize(BYTES);

      await().until(() -> free(unread));
    }
  }

  @Test
  void whoLeavesGivesTheRoomBack() throws IOException {
    UnreadAnswers unread = new UnreadAnswers(vertx, Duration.ofMinutes(1), SMALL);
    HttpServer server = server(unread);
    try (Socket client = asking(server)) {
      assertThat(client.getInputStream().read()).isEqualTo('H');
    }

    await().until(() -> free(unread));
  }

  /** It would never be sent otherwise. */
  @Test
  void oneThatIsLargerThanAllMayBeIsTakenAlone() {
    UnreadAnswers unread = new UnreadAnswers(vertx, Duration.ofMinutes(1), 1000);

    assertThat(unread.reserve(5000)).isTrue();
    assertThat(unread.reserve(1)).isFalse();
  }

  private static boolean free(UnreadAnswers unread) {
    return unread.held() == 0;
  }

  private HttpServer server(UnreadAnswers unread) {
    return vertx
        .createHttpServer()
        .requestHandler(
            request -> {
              assertThat(unread.reserve(SMALL)).isTrue();
              unread.watch(request, SMALL, request.response().end(Buffer.buffer(new byte[BYTES])));
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
}
