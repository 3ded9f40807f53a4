package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page at /docs, what it loads, and the document it shows, from a real process. */
class DocsIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

  @RegisterExtension
  private static final ServerProcess server = ServerProcess.of("integer-labels", "{}");

  @Test
  void thePageLoadsWhatIsHereAndNothingElse() throws IOException, InterruptedException {
    HttpResponse<String> page = server.get("/docs");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self';", "connect-src 'self'")
        .doesNotContain("http", "script-src 'self' 'unsafe");
    List<String> links = LINK.matcher(page.body()).results().map(found -> found.group(1)).toList();
    assertThat(links).hasSizeGreaterThan(4).noneMatch(link -> link.contains(":"));
    for (String link : links) {
      HttpResponse<String> file = server.send(HttpRequest.newBuilder(beside(page.uri(), link)));
      assertThat(file.statusCode()).as(link).isEqualTo(200);
      assertThat(file.body()).as(link).isNotBlank();
      assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }
  }

  /** A script or style sheet may name addresses; only these forms would load one. */
  @ParameterizedTest
  @ValueSource(strings = {"/docs/docs.js", "/docs/docs.css", "/docs/swagger-ui.css"})
  void noFileLoadsFromElsewhere(String path) throws IOException, InterruptedException {
    String body = server.get(path).body();
    Matcher loads = Pattern.compile("url\\((?![\"']?data:)|@import|import\\(").matcher(body);

    assertThat(loads.results().map(found -> found.group())).isEmpty();
    assertThat(body.replaceAll("http://www\\.w3\\.org/[a-zA-Z0-9/]+", ""))
        .doesNotContain("http:", "https:");
  }

  @Test
  void filesTravelCompressedAndOnlyOnce() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/docs/swagger-ui-bundle.js"));
    HttpResponse<byte[]> packed =
        client.send(
            request.copy().header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
    HttpResponse<byte[]> plain = client.send(request.build(), BodyHandlers.ofByteArray());
    String etag = plain.headers().firstValue("ETag").orElseThrow();
    HttpResponse<byte[]> known =
        client.send(
            request.copy().header("If-None-Match", etag).build(), BodyHandlers.ofByteArray());

    assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(packed.body().length).isLessThan(plain.body().length / 3);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
        .isEqualTo(plain.body());
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.body()).isEmpty();
    client.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /docs/docs.html, 404",
    "GET, /docs/../application.properties, 404",
    "GET, /docs/%2e%2e/application.properties, 404",
    "GET, /docs/..%2fapplication.properties, 404",
    "GET, /docs/package-info.class, 404",
    "POST, /docs, 405",
    "DELETE, /openapi.json, 405",
    "POST, /docs/docs.js, 405",
  })
  void thereIsNothingElse(String method, String path, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(server.uri(path)).method(method, BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(MAPPER.readTree(response.body()).get("error").asText()).isNotBlank();
  }

  @Test
  void browsersAreLedToThePageAndProgramsGetTheLinks() throws IOException, InterruptedException {
    HttpResponse<String> browser =
        server.send(
            HttpRequest.newBuilder(server.uri("/"))
                .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
    JsonNode links = MAPPER.readTree(server.get("/").body());

    assertThat(browser.statusCode()).isEqualTo(303);
    assertThat(beside(browser.uri(), browser.headers().firstValue("Location").orElseThrow()))
        .isEqualTo(server.uri("/docs"));
    HttpResponse<String> slash = server.get("/docs/");
    assertThat(beside(slash.uri(), slash.headers().firstValue("Location").orElseThrow()))
        .isEqualTo(server.uri("/docs"));
    for (JsonNode link : links) {
      if (!link.asText().equals("predict")) {
        assertThat(server.get("/" + link.asText()).statusCode()).as(link.asText()).isEqualTo(200);
      }
    }
  }

  /** Each example, sent as it is shown, is answered as it is shown. */
  @Test
  void theExamplesAreTrue() throws IOException, InterruptedException {
    HttpResponse<String> response = server.get("/openapi.json");
    JsonNode document = MAPPER.readTree(response.body());

    assertThat(response.headers().firstValue("X-Model-Digest")).isPresent();
    int asked = 0;
    for (var path : document.get("paths").properties()) {
      JsonNode post = path.getValue().path("post");
      for (var example : content(post.path("requestBody")).path("examples").properties()) {
        HttpResponse<String> answer =
            server.post(path.getKey(), example.getValue().get("value").toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode shown =
            content(post.path("responses").path("200"))
                .path("examples")
                .path(example.getKey())
                .path("value");
        assertThat(timeless(answer.body())).isEqualTo(timeless(shown.toString()));
        asked++;
      }
    }
    assertThat(asked).isGreaterThanOrEqualTo(4);

    JsonNode get = document.at("/paths/~1predict/get");
    HttpResponse<String> answer =
        server.get("/predict?input_data=" + get.at("/parameters/0/example").asText());
    assertThat(timeless(answer.body()))
        .isEqualTo(
            timeless(content(get.at("/responses/200")).at("/examples/row/value").toString()));
  }

  @Test
  void thePathsOfTheDocumentExistAndItsExamplesAreNoPredictions(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (ServerProcess fresh = ServerProcess.start(folder, "string-labels", "{}")) {
      JsonNode document = MAPPER.readTree(fresh.get("/openapi.json").body());

      assertThat(fresh.get("/metrics").body().lines())
          .filteredOn(line -> line.startsWith("ml_predictions_total{"))
          .isNotEmpty()
          .allMatch(line -> line.endsWith(" 0") || line.endsWith(" 0.0"));
      for (var path : document.get("paths").properties()) {
        if (path.getValue().has("get") && !path.getKey().equals("/predict")) {
          assertThat(fresh.get(path.getKey()).statusCode()).as(path.getKey()).isEqualTo(200);
        }
      }
    }
  }

  private static URI beside(URI page, String link) {
    return page.resolve(link);
  }

  private static JsonNode content(JsonNode part) {
    return part.path("content").path("application/json");
  }

  private static JsonNode timeless(String json) throws IOException {
    ObjectNode answer = (ObjectNode) MAPPER.readTree(json);
    answer.remove(List.of("processing_time_ms", "timestamp"));
    return answer;
  }
}
