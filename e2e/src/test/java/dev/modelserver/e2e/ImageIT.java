package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.Reachable;
import dev.modelserver.e2e.model.ModelHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The image classifier of the samples, asked about photographs through the Service. The model is
 * the sample's, but comes from this process; {@code make image-model} builds it.
 */
@ClusterTest
class ImageIT {
  private static final String BUILT = "target/image-model/";
  private static final String MODEL = "efficientnet-lite0.onnx";
  private static final String CLAIM =
      "persistentVolumeClaim: {claimName: photographs-models, path: " + MODEL + "}";

  private static TestNamespace namespace;
  private static ModelHost host;
  private static URI predict;

  @BeforeAll
  static void serve() throws IOException {
    Cluster cluster = Cluster.get();
    boolean built = Files.exists(Repository.path(BUILT + MODEL));
    assumeTrue(
        built || cluster.settings().ci(), BUILT + MODEL + " is missing: run make image-model");
    namespace = TestNamespace.create(cluster, "image");
    host = ModelHost.start(cluster);
    host.serve("/" + MODEL, Repository.bytes(BUILT + MODEL));
    String sample = Files.readString(Repository.path("samples/11-image-classifier.yaml"));
    assertThat(sample).contains(CLAIM);
    cluster.apply(namespace.name(), sample.replace(CLAIM, "uri: " + host.uri("/" + MODEL)));
    ModelServerClient photographs = namespace.modelServer("photographs");
    photographs.awaitReady();
    predict = photographs.predict();
    Reachable.await(predict);
  }

  @AfterAll
  static void close() {
    if (host != null) {
      host.close();
    }
    if (namespace != null) {
      namespace.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "target/image-model/coffee.png, 967, 967, 0.89, 0.91",
    "samples/models/image/coffee.jpg, 967, 967, 0.885, 0.905",
    "target/image-model/camera.png, 872, 872, 0.94, 0.96",
    "target/image-model/chelsea.png, 281, 285, 0.7, 1",
  })
  void seesWhatIsInAPhotograph(String file, int first, int last, double low, double high)
      throws IOException, InterruptedException {
    HttpResponse<String> response = post(Repository.bytes(file));

    Evidence.record(
        "image-" + file.substring(file.lastIndexOf('/') + 1) + ".md",
        "curl -F file=@" + file + " " + predict,
        response.body());
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = new ObjectMapper().readTree(response.body());
    assertThat(answer.path("prediction").asInt()).isBetween(first, last);
    assertThat(answer.path("confidence").asDouble()).isBetween(low, high);
    assertThat(answer.path("probabilities")).hasSize(5);
  }

  @Test
  void refusesWhatIsNoImage() throws IOException, InterruptedException {
    HttpResponse<String> response = post("hello".getBytes(StandardCharsets.UTF_8));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("file is neither a JPEG nor a PNG image");
  }

  /** As {@code curl -F file=@…}. */
  private static HttpResponse<String> post(byte[] file) throws IOException, InterruptedException {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(
        "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photograph\"\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    form.writeBytes(file);
    form.writeBytes("\r\n--part--\r\n".getBytes(StandardCharsets.UTF_8));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(predict)
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(Duration.ofSeconds(30))
              .header("Content-Type", "multipart/form-data; boundary=part")
              .POST(BodyPublishers.ofByteArray(form.toByteArray()))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
