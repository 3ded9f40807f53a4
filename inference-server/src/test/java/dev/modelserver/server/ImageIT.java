package dev.modelserver.server;

import static java.awt.image.BufferedImage.TYPE_3BYTE_BGR;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Images over HTTP, to a model that answers the mean of each channel: with the mean and std of its
 * metadata, red 201, green 102 and blue 53 become 100, 25 and 6.25.
 */
class ImageIT {

  private static final String FORM = "multipart/form-data; boundary=b";

  @RegisterExtension
  private static final ServerProcess server = ServerProcess.of("image-nchw", "{}");

  @AfterEach
  void stillAnswers() throws IOException, InterruptedException {
    assertThat(post("/predict", "image/png", TestImages.bytes("solid.png")).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"solid.png, image/png", "solid.jpg, image/jpeg", "solid.png, image/jpeg"})
  void answersAFileInAFormAndAlone(String file, String contentType)
      throws IOException, InterruptedException {
    byte[] image = TestImages.bytes(file);
    for (HttpResponse<String> response :
        List.of(
            post("/predict", FORM, form("file", image)), post("/predict", contentType, image))) {
      JsonNode answer = json(response);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(answer.get("prediction").intValue()).isZero();
      assertThat(answer.get("class").textValue()).isEqualTo("red");
      // JPEG may be one step beside
      assertThat(answer.get("scores").get("red").doubleValue()).isBetween(99.5, 100.0);
      assertThat(answer.get("scores").get("green").doubleValue()).isEqualTo(25);
      assertThat(answer.get("scores").get("blue").doubleValue()).isEqualTo(6.25);
      assertThat(answer.fieldNames())
          .toIterable()
          .containsExactly(
              "prediction",
              "class",
              "scores",
              "processing_time_ms",
              "timestamp",
              "model",
              "model_version",
              "served_by_pod");
    }
  }

  @Test
  void answersSoManyClasses() throws IOException, InterruptedException {
    byte[] image = TestImages.bytes("solid.png");

    assertThat(json(post("/predict?top=2", "image/png", image)).get("scores").fieldNames())
        .toIterable()
        .containsExactly("red", "green");
    for (String top : List.of("0", "-1", "x", "1001", "")) {
      HttpResponse<String> refused = post("/predict?top=" + top, "image/png", image);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(json(refused).get("error").textValue())
          .isEqualTo(
              "the parameter top is \"" + top + "\"; it takes a number of classes from 1 to 1000");
    }
  }

  @Test
  void asksAModelOfAnotherLayoutAndType(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (ServerProcess other = ServerProcess.start(folder, "image-nhwc", "{}")) {
      JsonNode answer =
          json(
              other.send(
                  HttpRequest.newBuilder(other.uri("/predict"))
                      .header("Content-Type", "image/png")
                      .POST(BodyPublishers.ofByteArray(TestImages.bytes("solid.png")))));

      assertThat(answer.get("class").textValue()).isEqualTo("red");
      assertThat(answer.get("scores").get("blue").doubleValue()).isEqualTo(26.5);
      assertThat(answer.get("scores").get("red").doubleValue()).isEqualTo(100.5);
    }
  }

  @Test
  void refusesAnImageForAModelWithoutImages(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (ServerProcess other = ServerProcess.start(folder, "integer-labels", "{}")) {
      HttpResponse<String> response =
          other.send(
              HttpRequest.newBuilder(other.uri("/predict"))
                  .header("Content-Type", FORM)
                  .POST(BodyPublishers.ofByteArray(form("file", TestImages.bytes("solid.png")))));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(json(response).get("error").textValue())
          .startsWith("this model does not accept images")
          .contains("spec.model.description.image", "the key image of the ONNX metadata");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "video/mp4, solid.png, 415, 'takes application/json, or multipart/form-data, image/jpeg or"
        + " image/png'",
    "multipart/form-data, solid.png, 400, without a boundary",
    "multipart/form-data; boundary=b, solid.png, 400, the form ends too early",
    "image/png, expected.json, 400, the body is neither a JPEG nor a PNG image",
  })
  void refusesOtherBodies(String contentType, String file, int status, String sentence)
      throws IOException, InterruptedException {
    HttpResponse<String> response = post("/predict", contentType, TestImages.bytes(file));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(json(response).get("error").textValue()).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "image/webp, RIFF1234WEBPVP8, a WebP image",
    "image/heic, 1234ftypheic, a HEIC image",
    "image/bmp, BM12, a BMP image",
    "image/*, GIF89a, a GIF image",
  })
  void namesTheFormatOfAnotherImage(String contentType, String content, String format)
      throws IOException, InterruptedException {
    byte[] file = content.getBytes(StandardCharsets.UTF_8);
    String sentence = " is " + format + "; send a JPEG or PNG image";

    HttpResponse<String> alone = post("/predict", contentType, file);
    assertThat(alone.statusCode()).isEqualTo(400);
    assertThat(json(alone).get("error").textValue()).isEqualTo("the body" + sentence);
    assertThat(error(form("file", file))).isEqualTo("file" + sentence);
  }

  @Test
  void readsAnImageOfAnyImageTypeByItsBytes() throws IOException, InterruptedException {
    assertThat(post("/predict", "image/jpg", TestImages.bytes("solid.png")).statusCode())
        .isEqualTo(200);
    assertThat(post("/predict", "image/*", TestImages.bytes("cmyk.jpg")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesFormsWithoutOneGoodFile() throws IOException, InterruptedException {
    byte[] image = TestImages.bytes("solid.png");
    byte[] cut = Arrays.copyOf(image, image.length / 2);

    assertThat(error(form("image", image))).startsWith("the form has no field file, but \"image\"");
    assertThat(error(form("file", new byte[0]))).startsWith("file is empty");
    assertThat(error(form("file", cut))).startsWith("file is a PNG image that ends too early");
    assertThat(error(form("file", "hello".getBytes(StandardCharsets.UTF_8))))
        .startsWith("file is neither a JPEG nor a PNG image");
  }

  @Test
  void refusesABodyAboveTheLimit() throws IOException, InterruptedException {
    assertThat(post("/predict", "image/jpeg", new byte[(64 << 20) + 1]).statusCode())
        .isEqualTo(413);
  }

  /** Making the tensor takes far longer than its caller waits; the model takes no time at all. */
  @Test
  void theReadingOfAnImageCountsAgainstTheTimeLimit() throws IOException, InterruptedException {
    ByteArrayOutputStream large = new ByteArrayOutputStream();
    assertThat(ImageIO.write(new BufferedImage(5000, 5000, TYPE_3BYTE_BGR), "png", large)).isTrue();

    HttpResponse<String> response =
        server.send(
            HttpRequest.newBuilder(server.uri("/predict"))
                .header("Content-Type", "image/png")
                .header("X-Request-Timeout-Ms", "20")
                .POST(BodyPublishers.ofByteArray(large.toByteArray())));

    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(json(response).get("error").textValue()).startsWith("no answer within 20 ms;");
  }

  @Test
  void answersManyAtOnceAndNeverMixesThem() {
    List<String> classes =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(
                i -> {
                  try {
                    String file = i % 2 == 0 ? "solid.png" : "wide.png";
                    return json(post("/predict", FORM, form("file", TestImages.bytes(file))))
                        .get("scores")
                        .toString();
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toList();

    assertThat(IntStream.range(0, 64).filter(i -> i % 2 == 0).mapToObj(classes::get))
        .containsOnly("{\"red\":100.0,\"green\":25.0,\"blue\":6.25}");
    assertThat(IntStream.range(0, 64).filter(i -> i % 2 == 1).mapToObj(classes::get).distinct())
        .hasSize(1);
  }

  private static String error(byte[] form) throws IOException, InterruptedException {
    HttpResponse<String> response = post("/predict", FORM, form);
    assertThat(response.statusCode()).isEqualTo(400);
    return json(response).get("error").textValue();
  }

  private static HttpResponse<String> post(String path, String contentType, byte[] body)
      throws IOException, InterruptedException {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private static byte[] form(String field, byte[] content) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    String head =
        "--b\r\nContent-Disposition: form-data; name=\""
            + field
            + "\"; filename=\"photo\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    form.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    form.writeBytes(content);
    form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
    return form.toByteArray();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
