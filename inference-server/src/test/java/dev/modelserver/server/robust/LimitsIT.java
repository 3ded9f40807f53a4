package dev.modelserver.server.robust;

import static dev.modelserver.server.robust.SmallServer.GOOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import dev.modelserver.server.robust.Wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on connections, slow bodies and memory, on a server with a small heap. */
class LimitsIT {

  /** One for every 32 KiB of the heap. */
  private static final int CONNECTIONS = 2048;

  /** Below the limit of a body; a handful of them are all that there is memory for. */
  private static final int LARGE_BYTES = 3_000_000;

  private static final int PATIENCE_MILLIS = 10_000;

  @RegisterExtension private static final ServerProcess server = SmallServer.create();

  @AfterEach
  void stillAnswers() {
    SmallServer.awaitAnswer(server);
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
}
