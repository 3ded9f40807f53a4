package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a model takes and gives, every page about it is there. */
class PagesIT {

  /** All that GET answers; "%s" stands for the name of the model. */
  static final List<String> PAGES =
      List.of(
          "/",
          "/docs",
          "/health",
          "/info",
          "/metrics",
          "/openapi.json",
          "/ready",
          "/v1/models",
          "/v1/models/%s",
          "/v2",
          "/v2/health/live",
          "/v2/health/ready",
          "/v2/models",
          "/v2/models/%s",
          "/v2/models/%s/config",
          "/v2/models/%s/ready",
          "/v2/models/%s/stats",
          "/v2/models/%s/versions/v1",
          "/v2/models/stats");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "any-rank",
        "audio-state",
        "constant",
        "empty-output",
        "image-free",
        "no-inputs",
        "zero-columns"
      })
  void everyPageIsThere(String model, @TempDir Path folder)
      throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder, model, "{}")) {
      for (String page : PAGES) {
        HttpResponse<String> answer = server.get(page.formatted(model));
        assertThat(answer.statusCode()).as(page + " " + answer.body()).isEqualTo(200);
        assertThat(answer.body()).as(page).isNotBlank();
      }
      for (String body : List.of("{\"features\":[1,2]}", "{\"x\":1}", "[]", "{}")) {
        assertThat(server.post("/predict", body).statusCode()).as(body).isLessThan(500);
      }
      assertThat(server.get("/predict?input_data=1").statusCode()).isLessThan(500);
      HttpRequest.Builder image =
          HttpRequest.newBuilder(server.uri("/predict"))
              .header("Content-Type", "image/png")
              .POST(HttpRequest.BodyPublishers.ofByteArray(TestImages.bytes("solid.png")));
      assertThat(server.send(image).statusCode()).isEqualTo(400);
      assertThat(server.log("serve")).doesNotContain("\"level\":\"ERROR\"");
    }
  }
}
