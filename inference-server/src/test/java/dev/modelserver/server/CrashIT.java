package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that end by a signal of native code, as the containers of one pod. */
class CrashIT {

  /** The model ends its process with numbers below 1. */
  private static final String BAD = "{\"features\":[0.125]}";

  private static final String GOOD = "{\"features\":[2]}";

  @TempDir Path folder;

  @Test
  void refusesARequestThatEndedTheProcessTwice() throws IOException, InterruptedException {
    Path state = folder.resolve("state");
    Map<String, String> variables =
        Map.of(
            "MODELSERVER_STATE_DIR",
            state.toString(),
            "JAVA_TOOL_OPTIONS",
            "-XX:ErrorFile=" + state.resolve("fatal-error.log"));
    try (ServerProcess server = ServerProcess.start(folder, "crash-below-one", "{}", variables)) {
      assertThat(server.post("/predict", GOOD).statusCode()).isEqualTo(200);
      assertThat(info(server).has("crashes")).isFalse();
      crash(server);

      server.startAgain();
      assertThat(info(server).at("/crashes/count").asInt()).isEqualTo(1);
      assertThat(info(server).at("/crashes/last_signal").asText()).isEqualTo("SIGFPE");
      assertThat(info(server).at("/crashes/refused_requests").asInt()).isZero();
      assertThat(server.post("/predict", GOOD).statusCode()).isEqualTo(200);
      crash(server);

      server.startAgain();
      assertThat(info(server).at("/crashes/refused_requests").asInt()).isEqualTo(1);
      HttpResponse<String> refused = server.post("/predict", BAD);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
      assertThat(refused.body()).contains("ended the server's process (SIGFPE)");
      String id = refused.headers().firstValue("X-Request-Id").orElseThrow();
      assertThat(server.log("serve")).contains(id, "crashing_input");
      assertThat(
              server
                  .post(
                      "/v2/models/crash-below-one/infer",
                      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[0.125]}]}")
                  .statusCode())
          .isEqualTo(422);
      assertThat(
              server
                  .post("/v1/models/crash-below-one:predict", "{\"instances\":[[0.125]]}")
                  .statusCode())
          .isEqualTo(422);
      assertThat(server.get("/metrics").body())
          .contains("ml_errors_total{type=\"crashing_input\",} 3.0");
      assertThat(server.post("/predict", GOOD).statusCode()).isEqualTo(200);
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  private static void crash(ServerProcess server) throws InterruptedException {
    assertThatThrownBy(() -> server.post("/predict", BAD)).isInstanceOf(IOException.class);
    assertThat(server.process().waitFor()).isEqualTo(134);
  }

  private static JsonNode info(ServerProcess server) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(server.get("/info").body());
  }
}
