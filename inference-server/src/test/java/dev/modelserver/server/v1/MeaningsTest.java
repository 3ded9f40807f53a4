package dev.modelserver.server.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.ServedTestModel;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.call.Translation;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.predict.PredictTranslator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What outputs mean, over {@code /predict} and V1: make_meanings.py made the models and asked the
 * frameworks that trained them for the answers.
 */
class MeaningsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = TestModels.FOLDER.resolve("meaning");

  private static final Comparator<JsonNode> NEARLY =
      (one, other) ->
          one.isNumber()
                  && other.isNumber()
                  && Math.abs(one.doubleValue() - other.doubleValue())
                      <= 1e-6 * Math.max(1, Math.abs(one.doubleValue()))
              ? 0
              : one.equals(other) ? 0 : 1;

  /** What is said of the call, and not of the rows. */
  private static final List<String> CALL =
      List.of("processing_time_ms", "timestamp", "model", "model_version", "served_by_pod");

  static List<String> models() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".onnx"))
          .map(file -> file.replace(".onnx", ""))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersAsTheFrameworkDoes(String name) throws Exception {
    JsonNode expected = JSON.readTree(Files.readAllBytes(FOLDER.resolve(name + ".json")));
    JsonNode rows = expected.get("rows");
    try (ServedTestModel served = ServedTestModel.load("meaning/" + name)) {
      Translator predict = PredictTranslator.of(served.model(), "pod");
      JsonNode all = ask(served, predict, "{\"features\":%s}".formatted(rows)).get("predictions");
      for (int i = 0; i < rows.size(); i++) {
        assertThat(all.get(i)).as("row %d", i).isEqualTo(expected.get("predict").get(i));
        if (expected.has("together")) {
          continue;
        }
        JsonNode alone = ask(served, predict, "{\"features\":%s}".formatted(rows.get(i)));
        // ONNX Runtime rounds a row alone otherwise than one of several
        JsonNode row = ((ObjectNode) alone).remove(CALL);
        JsonNode wanted = expected.get("predict").get(i);
        assertThat(row.equals(NEARLY, wanted)).as("%s, not %s", row, wanted).isTrue();
      }
      if (expected.has("v1")) {
        JsonNode predictions =
            ask(served, V1Model.of(served.model()), "{\"instances\":%s}".formatted(rows))
                .get("predictions");
        assertThat(predictions).isEqualTo(expected.get("v1"));
      }
    }
  }

  private static JsonNode ask(ServedTestModel served, Translator protocol, String body)
      throws Exception {
    Translation<Answer> translation =
        protocol.read(served.model(), Body.of(body.getBytes(StandardCharsets.UTF_8)));
    return JSON.readTree(translation.answer(served.infer(translation.request())).body().getBytes());
  }
}
