package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import dev.modelserver.server.robust.Wire.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that ask for much and read nothing, on a server with a small heap. */
class UnreadAnswersIT {

  /** Each answer is JSON of three times as many bytes: more than a socket takes. */
  private static final int NUMBERS = 500_000;

  /** All answers together may have a quarter of 64 MiB. */
  private static final int CROWD = 12;

  private static final int PATIENCE_MILLIS = 20_000;

  @RegisterExtension
  private static final ServerProcess server =
      ServerProcess.of(
          "endless", "{\"requestTimeoutMillis\":10000}", Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m"));

  @Test
  void othersAreAnsweredAndTheRoomComesBack() throws IOException, InterruptedException {
    List<Wire> crowd = new ArrayList<>();
    byte[] large = request(NUMBERS);
    try {
      for (int i = 0; i < CROWD; i++) {
        Wire one = new Wire(server.port(), PATIENCE_MILLIS);
        crowd.add(one);
        one.send(large);
      }
      await().untilAsserted(() -> assertThat(ask(large).status()).isEqualTo(503));
      Reply refused = ask(large);

      assertThat(refused.headers()).containsEntry("retry-after", "1");
      assertThat(refused.text()).contains("use all the memory reserved for requests");
      assertThat(ask(request(1)).status()).isEqualTo(200);
      assertThat(server.management("/health").statusCode()).isEqualTo(200);
    } finally {
      for (Wire one : crowd) {
        one.close();
      }
    }

    await().untilAsserted(() -> assertThat(ask(large).status()).isEqualTo(200));
  }

  private static Reply ask(byte[] request) throws IOException {
    try (Wire wire = new Wire(server.port(), PATIENCE_MILLIS)) {
      wire.send(request);
      return Objects.requireNonNull(wire.read(false));
    }
  }

  /** A binary tensor whose numbers are long in JSON; the model gives its input back. */
  private static byte[] request(int count) {
    ByteBuffer numbers = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      numbers.putFloat(-1 / 3f - i);
    }
    byte[] json =
        Http1.latin(
            ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[%d,1],"
                    + "\"parameters\":{\"binary_data_size\":%d}}]}")
                .formatted(count, count * 4));
    byte[] body = Http1.join(json, numbers.array());
    return Http1.join(
        Http1.latin(
            Http1.head(
                    "POST /v2/models/endless/infer HTTP/1.1",
                    "Content-Type: application/octet-stream")
                .append("Inference-Header-Content-Length: " + json.length + "\r\n")
                .append("Content-Length: " + body.length + "\r\n\r\n")
                .toString()),
        body);
  }
}
