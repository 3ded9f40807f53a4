package dev.modelserver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"features":["a","b"],"inputs":[{"shape":[-1,2]}]} | {"features":[0,0]}
          {"features":[],"inputs":[{"shape":[-1,3]}]}        | {"features":[0,0,0]}
          {"inputs":[{"shape":[-1,2,2]}]}                    | {"features":[0,0,0,0]}
          """)
  void zerosFitTheModel(String info, String request) throws Exception {
    assertThat(Prediction.zeros(JSON.readTree(info))).isEqualTo(request);
  }

  @Test
  void severalInputsNeedTheAnnotation() {
    assertThatThrownBy(
            () -> Prediction.zeros(JSON.readTree("{\"inputs\":[{\"shape\":[1]},{\"shape\":[1]}]}")))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining("modelserver.dev/example");
  }

  @Test
  void theAnnotationIsTheRequest() throws Exception {
    answer("/predict", 200, "{\"class\":\"setosa\"}");
    var modelServer =
        JSON.valueToTree(
            Map.of("metadata", Map.of("annotations", Map.of(Prediction.ANNOTATION, "{\"a\":1}"))));

    var prediction = Prediction.make(JSON.readTree(modelServer.toString()), address());

    assertThat(prediction.request()).isEqualTo("{\"a\":1}");
    assertThat(prediction.answer()).isEqualTo("{\n  \"class\" : \"setosa\"\n}");
  }

  @Test
  void withoutTheAnnotationTheModelIsAsked() throws Exception {
    answer("/info", 200, "{\"features\":[\"a\"]}");
    answer("/predict", 200, "{}");

    assertThat(Prediction.make(JsonNodeFactory.instance.objectNode(), address()).request())
        .isEqualTo("{\"features\":[0]}");
  }

  @Test
  void anErrorOfTheModelIsTheFailure() {
    answer("/info", 200, "{\"features\":[\"a\"]}");
    answer("/predict", 400, "wrong length");

    assertThatThrownBy(() -> Prediction.make(JsonNodeFactory.instance.objectNode(), address()))
        .isInstanceOf(RunFailure.class)
        .hasMessageStartingWith("the model answered 400 to {\"features\":[0]}: wrong length; ");
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
