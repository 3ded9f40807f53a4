package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Open Inference Protocol over real HTTP, on a model with integer labels and a ZipMap. */
class OpenInferenceIT {

  private static final String MODEL = "/v2/models/integer-labels";
  private static final String GOOD =
      "{\"id\":\"7\",\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[2,2],\"data\":[3,1,1,3]}]}";
  private static ServerProcess server;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException, InterruptedException {
    server = ServerProcess.start(folder, "integer-labels", "{}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void stillAnswers() throws IOException, InterruptedException {
    assertThat(server.post(MODEL + "/infer", GOOD).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsAboutServerAndModel() throws IOException, InterruptedException {
    assertThat(json("/v2").get("name").asText()).isEqualTo("modelserver");
    assertThat(json("/v2").get("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(json("/v2").get("extensions").toString()).contains("\"binary_tensor_data\"");
    assertThat(json("/v2/models").toString()).isEqualTo("{\"models\":[\"integer-labels\"]}");
    assertThat(json("/v2/health/live").get("live").asBoolean()).isTrue();
    assertThat(json("/v2/health/ready").get("ready").asBoolean()).isTrue();
    for (String path : new String[] {MODEL, MODEL + "/versions/v1"}) {
      JsonNode metadata = json(path);
      assertThat(metadata.get("name").asText()).isEqualTo("integer-labels");
      assertThat(metadata.get("versions").toString()).isEqualTo("[\"v1\"]");
      assertThat(metadata.get("platform").asText()).isEqualTo("onnx_onnxv1");
      assertThat(metadata.get("inputs").toString())
          .isEqualTo("[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]");
      assertThat(metadata.get("outputs").toString())
          .isEqualTo(
              "[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[-1]},{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]");
      assertThat(metadata.get("properties").get("classes").asText())
          .isEqualTo("[\"left\",\"right\"]");
      assertThat(metadata.get("properties").get("digest").asText()).matches("sha256:[0-9a-f]{64}");
      assertThat(json(path + "/ready").toString())
          .isEqualTo("{\"name\":\"integer-labels\",\"ready\":true}");
      assertThat(json(path + "/config").get("input").get(0).get("data_type").asText())
          .isEqualTo("TYPE_FP32");
    }
  }

  @Test
  void infersFromJson() throws IOException, InterruptedException {
    HttpResponse<String> response = server.post(MODEL + "/infer", GOOD);

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = new ObjectMapper().readTree(response.body());
    assertThat(answer.get("model_name").asText()).isEqualTo("integer-labels");
    assertThat(answer.get("model_version").asText()).isEqualTo("v1");
    assertThat(answer.get("id").asText()).isEqualTo("7");
    JsonNode label = answer.get("outputs").get(0);
    assertThat(label.toString())
        .isEqualTo("{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[2],\"data\":[1,0]}");
    JsonNode probabilities = answer.get("outputs").get(1);
    assertThat(probabilities.get("shape").toString()).isEqualTo("[2,2]");
    assertThat(probabilities.get("data").get(1).asDouble())
        .isEqualTo(probabilities.get("data").get(2).asDouble())
        .isGreaterThan(0.9);
    assertThat(response.headers().firstValue("X-Model-Digest").orElse(""))
        .matches("sha256:[0-9a-f]{64}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/v2/models/other|404|there is no model \\\"other\\\" here",
        "GET|/v2/models/other/ready|404|there is no model",
        "GET|/v2/models/other/stats|404|there is no model",
        "GET|/v2/models/other/config|404|there is no model",
        "POST|/v2/models/other/infer|404|there is no model",
        "POST|/v2/models/integer-labels/versions/2/infer|404|there is no version \\\"2\\\"",
        "GET|/v2/models/integer-labels/versions/2|404|there is no version",
        "GET|/v2/models/integer-labels/infer|405|takes POST",
        "POST|/v2/models/integer-labels|405|takes GET",
        "POST|/v2/repository/models/integer-labels/unload|404|no such path",
        "GET|/v2/nothing|404|no such path",
      })
  void refusesOtherPaths(String method, String path, int status, String words)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(server.uri(path))
                .method(method, BodyPublishers.ofString(method.equals("POST") ? GOOD : "")));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).startsWith("{\"error\":\"").contains(words);
  }

  private static JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = server.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }
}
