package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import java.util.Map;

/** A server whose limits are near: a heap of 64 MiB, and a second for a request. */
final class SmallServer {

  /** A body of {@code /predict} that its model takes. */
  static final String GOOD = "{\"features\":[3,1]}";

  private SmallServer() {}

  /** One for all tests of a class; to be registered as an extension. */
  static ServerProcess create() {
    return ServerProcess.of(
        "integer-labels",
        "{\"requestTimeoutMillis\":1000}",
        Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m"));
  }

  /** Waits until it answers a good request: no test has used it up. */
  static void awaitAnswer(ServerProcess server) {
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(server.post("/predict", GOOD).statusCode()).isEqualTo(200));
  }
}
