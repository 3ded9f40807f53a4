package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One process, one model with integer labels and a ZipMap; after every test a good request must
 * still be answered.
 */
class ServerIT {

  private static final String GOOD = "{\"features\":[3,1]}";

  @RegisterExtension
  private static final ServerProcess server = ServerProcess.of("integer-labels", "{}");

  @AfterEach
  void stillAnswers() throws IOException, InterruptedException {
    assertThat(server.post("/predict", GOOD).statusCode()).isEqualTo(200);
    assertThat(server.management("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void predictsOneRow() throws IOException, InterruptedException {
    HttpResponse<String> response = server.post("/predict", GOOD);

    JsonNode answer = json(response);
    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly(
            "prediction",
            "class",
            "probabilities",
            "confidence",
            "processing_time_ms",
            "timestamp",
            "model",
            "model_version",
            "served_by_pod");
    assertThat(answer.get("prediction").asInt()).isEqualTo(1);
    assertThat(answer.get("class").asText()).isEqualTo("right");
    assertThat(answer.get("probabilities").get("right").asDouble())
        .isEqualTo(answer.get("confidence").asDouble())
        .isGreaterThan(0.9);
    assertThat(answer.get("model_version").asText()).isEqualTo("v1");
    assertThat(answer.get("served_by_pod").asText()).isEqualTo("pod-a");
    assertThat(response.headers().firstValue("X-Model-Digest").orElse(""))
        .matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void predictsBatchesInOrderAndNamedFeatures() throws IOException, InterruptedException {
    JsonNode batch =
        json(server.post("/predict", "{\"features\":[[3,1],[1,3],[9,0]]}")).get("predictions");

    assertThat(batch.findValuesAsText("class")).containsExactly("right", "left", "right");
    assertThat(
            json(server.post("/predict", "{\"anything\":{\"b\":3,\"a\":1}}")).get("class").asText())
        .isEqualTo("left");
    assertThat(json(server.get("/predict?input_data=3,1")).get("class").asText())
        .isEqualTo("right");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"features\":[1]}|features has 1 value; the model takes 2 values: a, b",
        "{\"features\":[1,\"x\"]}|features[1] is \"x\"",
        "{\"features\":[1,nan]}|not valid JSON",
        "{\"a\":1}|lacks b",
        "not json|not valid JSON",
        "{\"features\":[[[[[[[[[[[[1]]]]]]]]]]]]}|a list",
      })
  void refusesBodies(String body, String sentence) throws IOException, InterruptedException {
    HttpResponse<String> response = server.post("/predict", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).get("error").asText()).contains(sentence);
  }

  /** As {@code curl -d} calls every body, unless told; a form is none all the same. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/x-www-form-urlencoded|{\"features\":[3,1]}|200",
        "application/x-www-form-urlencoded| [[3,1]]|200",
        "text/plain;charset=UTF-8|[{\"a\":3,\"b\":1}]|200",
        "application/x-www-form-urlencoded|features=3,1|415",
        "application/x-www-form-urlencoded|{\"features\":[3]}|400",
        "text/plain|3,1|415",
      })
  void readsJsonUnderTheTypesThatClientsSend(String type, String body, int status)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri("/predict"))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body));

    assertThat(server.send(request).statusCode()).isEqualTo(status);
  }

  /** Missing values, as Python and JSON write them, over the wire. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"features\":[NaN,1]}", "[[null,1]]", "{\"a\":\"-Infinity\",\"b\":1}"})
  void acceptsMissingValues(String body) throws IOException, InterruptedException {
    assertThat(server.post("/predict", body).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nowhere, , 404, no such path",
    "POST, /nowhere, application/json, 404, no such path",
    "PUT, /predict, application/json, 405, the method is PUT",
    "DELETE, /info, , 405, the method is DELETE",
    "POST, /health, application/json, 405, takes GET",
    "POST, /predict, text/csv, 415, takes application/json",
    "POST, /predict, application/jsonx, 415, takes application/json",
    "GET, /predict, , 400, input_data is missing",
    "GET, /predict?input_data=, , 400, input_data[0] is",
    "GET, /predict?x=1, , 400, the parameters are x",
  })
  void refusesRequests(String method, String path, String contentType, int status, String sentence)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(GOOD));
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }

    HttpResponse<String> response = server.send(request);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(json(response).get("error").asText()).contains(sentence);
    assertThat(response.headers().firstValue("X-Model-Digest")).isPresent();
  }

  @Test
  void refusesBodiesOfMoreThan64MiB() throws IOException, InterruptedException {
    byte[] large = new byte[(64 << 20) + 1];
    HttpRequest.Builder announced =
        HttpRequest.newBuilder(server.uri("/predict")).POST(BodyPublishers.ofByteArray(large));
    HttpRequest.Builder streamed =
        HttpRequest.newBuilder(server.uri("/predict"))
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));

    HttpRequest.Builder image = announced.copy().header("Content-Type", "image/png");

    assertThat(tooLarge(announced))
        .startsWith("the body has 67108865 bytes, more than the limit of 67108864; ")
        .contains("as binary data over the Open Inference Protocol (/v2); the limit cannot");
    assertThat(tooLarge(streamed))
        .startsWith("the body has more than 67108864 bytes, the limit; ")
        .contains("as binary data");
    assertThat(tooLarge(image)).contains("; send a smaller image; the limit cannot be raised");
    assertThat(tooLarge(announced.copy().header("Inference-Header-Content-Length", "9")))
        .contains("; send fewer rows per request; the limit cannot be raised");
  }

  private static String tooLarge(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = server.send(request);
    assertThat(response.statusCode()).isEqualTo(413);
    return json(response).get("error").asText();
  }

  static Stream<String> pages() {
    return Stream.concat(
        PagesIT.PAGES.stream().map(page -> page.formatted("integer-labels")),
        Stream.of("/v2/models/integer-labels/versions/2/ready", "/v2/models/other/ready"));
  }

  /** Load balancers send HEAD to see whether a pod is available. */
  @ParameterizedTest
  @MethodSource("pages")
  void answersHeadAsGetWithoutTheBody(String path) throws IOException, InterruptedException {
    for (HttpClient.Version version : HttpClient.Version.values()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path)).version(version);
      try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
        HttpResponse<String> get =
            client.send(request.copy().GET().build(), HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> head =
            client.send(request.copy().HEAD().build(), HttpResponse.BodyHandlers.ofString());

        assertThat(head.body()).isEmpty();
        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.headers().map().keySet()).isEqualTo(get.headers().map().keySet());
        if (!path.equals("/metrics")) {
          // its text grows with every request
          assertThat(head.headers()).isEqualTo(get.headers());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOT HTTP AT ALL, 4",
    "GET /predict HTTP/1.1, 4",
    "GET /predict?input_data=%zz HTTP/1.1~X: y, 4",
    "POST /predict HTTP/1.1~Content-Length: 99999999999999999999, 4",
    "POST /predict HTTP/1.1~Content-Length: -1, 4"
  })
  void survivesBrokenHttp(String head, String status) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              (head.replace("~", "\r\nHost: x\r\n") + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(10), StandardCharsets.US_ASCII))
          .matches("HTTP/1[.][01] " + status);
    }
  }

  @Test
  void asksForABodyThatWaitsToBeAskedFor() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "POST /predict HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
              + GOOD.length()
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String asked = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(new String(in.readNBytes(asked.length()), StandardCharsets.US_ASCII))
          .isEqualTo(asked);
      socket.getOutputStream().write(GOOD.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  @Test
  void countsMethodsAndPathsThatCallersInventAsOne() throws IOException, InterruptedException {
    HttpRequest.Builder invented =
        HttpRequest.newBuilder(server.uri("/predict")).method("INVENTED", BodyPublishers.noBody());
    assertThat(server.send(invented).statusCode()).isEqualTo(405);
    assertThat(server.get("/invented").statusCode()).isEqualTo(404);

    assertThat(server.management("/metrics").body())
        .contains("method=\"OTHER\"")
        .contains("uri=\"/predict\"")
        .doesNotContain("INVENTED", "invented");
  }

  @Test
  void tellsAboutItself() throws IOException, InterruptedException {
    JsonNode info = json(server.get("/info"));

    assertThat(info.get("classes")).extracting(JsonNode::asText).containsExactly("left", "right");
    assertThat(info.get("features")).hasSize(2);
    assertThat(info.get("runtime").get("instances").asInt()).isPositive();
    assertThat(info.get("runtime").get("intra_op_threads").asInt()).isEqualTo(1);
    assertThat(info.get("runtime").get("memory_arena").asText()).isEqualTo("enabled");
    assertThat(json(server.get("/")).get("predict").asText()).isEqualTo("predict");
    assertThat(json(server.get("/ready")).get("model_loaded").asBoolean()).isTrue();
    assertThat(json(server.management("/ready")).get("status").asText()).isEqualTo("ready");
  }

  @Test
  void countsWhatItDoes() throws IOException, InterruptedException {
    var before = server.management("/metrics").body();
    assertThat(server.post("/predict", "{\"features\":[[3,1],[3,1]]}").statusCode()).isEqualTo(200);
    assertThat(server.post("/predict", "{").statusCode()).isEqualTo(400);
    String after = server.get("/metrics").body();

    String predictions = "ml_predictions_total{class=\"right\",model=\"integer-labels\",}";
    String errors = "ml_errors_total{type=\"bad_request\",}";
    assertThat(sample(after, predictions) - sample(before, predictions)).isEqualTo(2);
    assertThat(sample(after, errors) - sample(before, errors)).isEqualTo(1);
    assertThat(after.toLowerCase(Locale.ROOT))
        .contains(
            "ml_prediction_duration_seconds_bucket{model=\"integer-labels\",protocol=\"predict\",le=",
            "ml_queue_duration_seconds_bucket{",
            "ml_compute_duration_seconds_bucket{",
            "ml_batch_size_bucket{model=\"integer-labels\",le=\"1.0\",}",
            "ml_onnxruntime_threads{",
            "ml_active_requests{",
            "ml_model_info{",
            "ml_inference_threads{",
            "ml_inference_queue_depth{",
            "ml_inference_queue_limit{model=\"integer-labels\",} 256.0",
            "http_server_requests_seconds_count{",
            "http_server_active_requests ",
            "http_server_connections ",
            "jvm_memory_used_bytes{");
    assertThat(server.get("/q/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void tellsTheMemoryAndCpuOfItsCgroup() throws IOException, InterruptedException {
    String metrics = server.management("/metrics").body();

    assertThat(sample(metrics, "ml_container_memory_usage_bytes")).isPositive();
    assertThat(sample(metrics, "ml_container_cpu_usage_seconds_total")).isPositive();
  }

  private static double sample(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    return new ObjectMapper().readTree(response.body());
  }
}
