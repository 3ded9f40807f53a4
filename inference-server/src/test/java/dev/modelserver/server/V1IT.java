package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The V1 protocol over real HTTP, on a model with integer labels and a ZipMap. */
class V1IT {

  private static final String MODEL = "/v1/models/integer-labels";

  @RegisterExtension
  private static final ServerProcess server = ServerProcess.of("integer-labels", "{}");

  @Test
  void tellsItsModels() throws IOException, InterruptedException {
    assertThat(server.get("/v1/models").body()).isEqualTo("{\"models\":[\"integer-labels\"]}");
    for (String path : new String[] {MODEL, MODEL + "/versions/v1"}) {
      assertThat(server.get(path).body()).isEqualTo("{\"name\":\"integer-labels\",\"ready\":true}");
    }
  }

  @Test
  void predicts() throws IOException, InterruptedException {
    for (String path : new String[] {MODEL, MODEL + "/versions/v1"}) {
      HttpResponse<String> response = server.post(path + ":predict", "{\"instances\":[[200,1],7]}");
      assertThat(response.statusCode()).isEqualTo(400);

      response = server.post(path + ":predict", "{\"instances\":[[200,1],[1,200]]}");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body())
          .isEqualTo(
              "{\"predictions\":[{\"label\":1,\"probabilities\":{\"left\":0.0,\"right\":1.0}},"
                  + "{\"label\":0,\"probabilities\":{\"left\":1.0,\"right\":0.0}}]}");
    }
    assertThat(server.get("/metrics").body())
        .contains("uri=\"/v1/models/{model}:predict\"")
        .contains("protocol=\"v1\"");
  }

  /** What {@code curl -d} says of every body, unless told. */
  @Test
  void predictsFromJsonThatIsCalledAForm() throws IOException, InterruptedException {
    String body = "{\"instances\":[[200,1]]}";
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(server.uri(MODEL + ":predict"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(server.post(MODEL + ":predict", body).body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/v1/models/other|404|there is no model \\\"other\\\" here",
        "POST|/v1/models/other:predict|404|there is no model \\\"other\\\" here",
        "POST|/v1/models/integer-labels/versions/9:predict|404|there is no version \\\"9\\\" of the model \\\"integer-labels\\\" here; this server has \\\"v1\\\"; the version may be omitted",
        "GET|/v1/models/integer-labels:predict|405|takes POST",
        "POST|/v1/models/integer-labels|405|takes GET",
        "POST|/v1/models/integer-labels:explain|404|no such path",
        "POST|/v1/models|405|takes GET",
      })
  void refusesOtherPaths(String method, String path, int status, String words)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(server.uri(path))
                .method(method, BodyPublishers.ofString("{\"instances\":[[1,2]]}")));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).startsWith("{\"error\":\"").contains(words);
  }
}
