package dev.modelserver.server.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real process leaves behind that SIGTERM ends while it downloads. */
class TerminatedPreflightTest {

  @TempDir Path root;
  private final CountDownLatch done = new CountDownLatch(1);
  private HttpServer store;

  @BeforeEach
  void start() throws IOException {
    store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    store.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    store.createContext("/", this::sendAQuarter);
    store.start();
  }

  @AfterEach
  void stop() {
    done.countDown();
    store.stop(0);
  }

  @Test
  void leavesHowFarTheDownloadCame() throws IOException, InterruptedException {
    Files.writeString(
        root.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"uri\":\"http://127.0.0.1:%d/m.onnx\"}}"
            .formatted(store.getAddress().getPort()));
    Process preflight =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SlowPreflight.class.getName(),
                root.toString())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("run.log").toFile())
            .start();
    Path part = root.resolve("model/model.onnx.part");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.exists(part) && Files.size(part) == 1000);

    preflight.destroy();

    assertThat(preflight.waitFor()).as("SIGTERM").isEqualTo(143);
    JsonNode report =
        requireNonNull(new ObjectMapper().readTree(Files.readAllBytes(root.resolve("log"))));
    assertThat(report.path("outcome").asText()).isEqualTo("Started");
    assertThat(report.path("reason").asText()).isEqualTo("Downloading");
    assertThat(report.path("final").asBoolean()).isFalse();
    assertThat(report.path("message").asText())
        .contains("/m.onnx: 1000 of 4000 bytes (25 %)", "bytes/s");
  }

  private void sendAQuarter(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 4000);
      exchange.getResponseBody().write(new byte[1000]);
      exchange.getResponseBody().flush();
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
