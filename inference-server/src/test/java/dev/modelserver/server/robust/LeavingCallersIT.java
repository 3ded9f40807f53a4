package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who leaves takes the run along, long before its time is over; on the model that never ends when
 * its input is positive.
 */
class LeavingCallersIT {

  private static final String ENDLESS = "{\"features\":[1]}";
  private static final int PATIENCE_MILLIS = 10_000;

  /** Large enough to be read away from the event loop. */
  private static final int LARGE_BYTES = 3_000_000;

  @RegisterExtension
  private static final ServerProcess server =
      ServerProcess.of("endless", "{\"requestTimeoutMillis\":60000,\"runtime\":{\"instances\":1}}");

  /** The one thread is free. */
  @AfterEach
  void stillAnswers() throws IOException, InterruptedException {
    assertThat(server.post("/predict", "{\"features\":[0]}").statusCode()).isEqualTo(200);
  }

  @Test
  void whileTheModelRuns() throws IOException, InterruptedException {
    double before = metric("ml_errors_total{type=\"cancelled\"");
    try (Wire wire = wire()) {
      send(wire, ENDLESS);
      await().untilAsserted(() -> assertThat(metric("ml_active_requests")).isEqualTo(1));
    }

    await()
        .untilAsserted(
            () -> assertThat(metric("ml_errors_total{type=\"cancelled\"")).isEqualTo(before + 1));
    assertThat(metric("ml_active_requests")).isZero();
  }

  @Test
  void whileALargeBodyIsRead() throws IOException, InterruptedException {
    double before = metric("ml_errors_total{type=\"cancelled\"");
    for (int i = 0; i < 20; i++) {
      try (Wire wire = wire()) {
        send(wire, ENDLESS + " ".repeat(LARGE_BYTES));
      }
    }

    await()
        .untilAsserted(
            () -> assertThat(metric("ml_errors_total{type=\"cancelled\"")).isEqualTo(before + 20));
    assertThat(metric("ml_active_requests")).isZero();
  }

  private static Wire wire() throws IOException {
    return new Wire(server.port(), PATIENCE_MILLIS);
  }

  private static void send(Wire wire, String body) throws IOException {
    wire.send(
        Http1.latin(
            Http1.head("POST /predict HTTP/1.1", "Content-Type: application/json")
                .append("Content-Length: " + body.length() + "\r\n\r\n")
                .append(body)
                .toString()));
  }

  private static double metric(String start) throws IOException, InterruptedException {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
