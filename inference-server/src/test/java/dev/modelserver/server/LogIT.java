package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person or a program reads of a failed request in the log; the model never ends. */
class LogIT {

  private static final String BRIEF = "{\"requestTimeoutMillis\":200,\"threads\":8}";

  @TempDir private Path folder;

  @Test
  void inJsonEveryLineIsAnObjectAndAFailureHasItsRequest()
      throws IOException, InterruptedException {
    try (ServerProcess server =
        ServerProcess.start(folder, "endless", BRIEF, Map.of("MODELSERVER_LOG_FORMAT", "json"))) {
      HttpResponse<String> answer = fail(server, "order-66");
      assertThat(answer.headers().firstValue("X-Request-Id")).hasValue("order-66");

      JsonNode line =
          await()
              .atMost(Duration.ofSeconds(10))
              .until(
                  () ->
                      lines(server).stream()
                          .filter(each -> each.at("/mdc/request_id").isTextual())
                          .findFirst()
                          .orElse(null),
                  each -> each != null);

      assertThat(line.at("/mdc/request_id").asText()).isEqualTo("order-66");
      assertThat(line.get("level").asText()).isEqualTo("WARN");
      assertThat(line.get("message").asText())
          .startsWith("request order-66 failed: deadline_exceeded: ");
      assertThat(line.has("timestamp")).isTrue();
      assertThat(line.get("logger").asText()).startsWith("dev.modelserver.");
    }
  }

  @Test
  void withoutAnIdOneIsMadeAndTold() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder, "endless", BRIEF)) {
      String made = fail(server, "two words").headers().firstValue("X-Request-Id").orElseThrow();

      assertThat(made).matches("[0-9a-f]{16}");
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(server.log("serve"))
                      .contains("WARN  ")
                      .contains("request " + made + " failed: deadline_exceeded: ")
                      .doesNotContain("two words"));
    }
  }

  private static HttpResponse<String> fail(ServerProcess server, String id)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/predict"))
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofString("{\"features\":[1]}")));
    assertThat(answer.statusCode()).isEqualTo(504);
    return answer;
  }

  private static List<JsonNode> lines(ServerProcess server) throws IOException {
    ObjectMapper json = new ObjectMapper();
    return server
        .log("serve")
        .lines()
        .map(
            line -> {
              try {
                return json.readTree(line);
              } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + line, e);
              }
            })
        .toList();
  }
}
