package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Open Inference Protocol over real HTTP, on a model with integer labels and a ZipMap. */
class OpenInferenceIT {

  private static final String MODEL = "/v2/models/integer-labels";
  private static final String GOOD =
      "{\"id\":\"7\",\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[2,2],\"data\":[3,1,1,3]}]}";
  private static final String HEADER = "Inference-Header-Content-Length";
  private static final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @RegisterExtension
  private static final ServerProcess server = ServerProcess.of("integer-labels", "{}");

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

  /** What {@code curl -d} says of every body, unless told. */
  @Test
  void infersFromJsonThatIsCalledAForm() throws IOException, InterruptedException {
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(server.uri(MODEL + "/infer"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(GOOD)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(server.post(MODEL + "/infer", GOOD).body());
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
        "POST|/v2/models/integer-labels/versions/2/infer|404|there is no version \\\"2\\\" of the model \\\"integer-labels\\\" here; this server has \\\"v1\\\"; the version may be omitted",
        "GET|/v2/models/integer-labels/versions/2|404|\\\"v1\\\"; the version may be omitted",
        "GET|/v2/models/integer-labels/versions/2/ready|404|; the version may be omitted",
        "GET|/v2/models/integer-labels/infer|405|takes POST",
        "POST|/v2/models/integer-labels|405|takes GET, HEAD",
        "HEAD|/v2/models/integer-labels/infer|405|",
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
    if (words != null) {
      assertThat(response.body()).startsWith("{\"error\":\"").contains(words);
    }
  }

  @Test
  void infersFromBinaryData() throws IOException, InterruptedException {
    String json =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[2,2],\"parameters\":{\"binary_data_size\":16}}],"
            + "\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"binary_data\":true}},{\"name\":\"label\"}]}";

    HttpResponse<byte[]> response = binary(MODEL + "/infer", json, floats(3, 1, 1, 3));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
    int length = header(response);
    JsonNode outputs = new ObjectMapper().readTree(response.body(), 0, length).get("outputs");
    assertThat(outputs.get(0).toString())
        .isEqualTo(
            "{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[2,2],\"parameters\":{\"binary_data_size\":16}}");
    assertThat(outputs.get(1).get("data").toString()).isEqualTo("[1,0]");
    ByteBuffer data = tail(response, length);
    assertThat(data.remaining()).isEqualTo(16);
    assertThat(data.getFloat(4)).isEqualTo(data.getFloat(8)).isGreaterThan(0.9f);
  }

  @Test
  void infersFromARawBody() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = binary(MODEL + "/infer", "", floats(3, 1, 1, 3));

    assertThat(response.statusCode()).isEqualTo(200);
    ByteBuffer data = tail(response, header(response));
    assertThat(data.getLong(0)).isEqualTo(1);
    assertThat(data.getLong(8)).isEqualTo(0);
    assertThat(data.remaining()).isEqualTo(2 * 8 + 4 * 4);
    HttpResponse<byte[]> odd = binary(MODEL + "/infer", "", new byte[13]);
    assertThat(odd.statusCode()).isEqualTo(400);
    assertThat(new String(odd.body(), StandardCharsets.UTF_8))
        .contains("has 13 bytes; FP32 of shape [1,2] takes 8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "abc", "9999999999999", "1000000", "0x10", "1,2", ""})
  void refusesHeadersThatLie(String length) throws IOException, InterruptedException {
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(server.uri(MODEL + "/infer"))
                .header(HEADER, length)
                .POST(BodyPublishers.ofString(GOOD)));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).startsWith("{\"error\":\"" + HEADER + " is ");
  }

  @Test
  void readsAndWritesCompressedBodies() throws IOException, InterruptedException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    byte[] json =
        GOOD.replace("\"id\"", "\"parameters\":{\"binary_data_output\":true},\"id\"")
            .getBytes(StandardCharsets.UTF_8);
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(json);
    }
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(server.uri(MODEL + "/infer"))
                .header("Content-Encoding", "gzip")
                .header("Accept-Encoding", "gzip")
                .header(HEADER, Integer.toString(json.length))
                .POST(BodyPublishers.ofByteArray(zipped.toByteArray()))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    byte[] body = response.body();
    if (response.headers().firstValue("Content-Encoding").isPresent()) {
      body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }
    assertThat(body).hasSize(header(response) + 2 * 8 + 4 * 4);
  }

  @Test
  void countsWhatItDid() throws IOException, InterruptedException {
    JsonNode before = json(MODEL + "/stats").get("model_stats").get(0);
    for (int i = 0; i < 3; i++) {
      assertThat(server.post(MODEL + "/infer", GOOD).statusCode()).isEqualTo(200);
    }
    JsonNode after = json("/v2/models/stats").get("model_stats").get(0);

    assertThat(after.get("name").asText()).isEqualTo("integer-labels");
    assertThat(after.get("version").asText()).isEqualTo("v1");
    assertThat(count(after, "success") - count(before, "success")).isEqualTo(3);
    assertThat(after.get("inference_count").asLong() - before.get("inference_count").asLong())
        .isEqualTo(6);
    assertThat(after.get("last_inference").asLong()).isPositive();
    assertThat(after.get("inference_stats").get("compute_infer").get("ns").asLong()).isPositive();
    assertThat(server.get("/metrics").body())
        .contains("uri=\"/v2/models/{model}/infer\"")
        .doesNotContain("uri=\"/v2/models/integer-labels");
  }

  private static long count(JsonNode stats, String name) {
    return stats.get("inference_stats").get(name).get("count").asLong();
  }

  private static HttpResponse<byte[]> binary(String path, String json, byte[] tail)
      throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(json.getBytes(StandardCharsets.UTF_8));
    body.write(tail);
    return client.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", "application/octet-stream")
            .header(HEADER, Integer.toString(json.length()))
            .POST(BodyPublishers.ofByteArray(body.toByteArray()))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static int header(HttpResponse<byte[]> response) {
    return Integer.parseInt(response.headers().firstValue(HEADER).orElseThrow());
  }

  private static ByteBuffer tail(HttpResponse<byte[]> response, int from) {
    byte[] body = response.body();
    return ByteBuffer.wrap(body, from, body.length - from).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = server.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }
}
