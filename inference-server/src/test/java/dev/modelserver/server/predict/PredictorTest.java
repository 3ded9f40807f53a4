package dev.modelserver.server.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.ServedTestModel;
import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From body to answer over real models; make_models.py says what each computes. */
class PredictorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "linear|{\"features\":[1,2]}|\"prediction\":9.0",
        "linear|{\"features\":[[1,2],[0,0]]}|\"predictions\":[{\"prediction\":9.0},{\"prediction\":1.0}]",
        "scalar|{\"features\":[3]}|\"prediction\":9.0",
        "scalar|{\"x\":3}|\"prediction\":9.0",
        "identity|{\"features\":[1,2.5,3]}|\"prediction\":[1.0,2.5,3.0]",
        "divide|{\"features\":[0,1]}|\"prediction\":[null,null]",
        "strings|{\"features\":[\"hello\"]}|\"prediction\":\"hello\",\"class\":\"hello\"",
        "softmax|{\"features\":[0,0,200]}|\"prediction\":2,\"class\":\"blue\",\"probabilities\":{\"red\":0.0,\"green\":0.0,\"blue\":1.0},\"confidence\":1.0",
        "integer-labels|{\"b\":1,\"a\":50}|\"prediction\":1,\"class\":\"right\",\"probabilities\":{\"left\":",
        "string-labels|{\"who\":{\"age\":1,\"pressure\":1}}|\"prediction\":\"low\",\"class\":\"low\",\"probabilities\":{\"high\":",
      })
  void answers(String model, String body, String expected)
      throws ModelLoadException, RequestException, InferenceException {
    assertThat(answer(model, body, ModelDescription.EMPTY)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "identity|{\"features\":[1,5,3]}|\"prediction\":1,\"class\":\"b\",\"scores\":{\"a\":1.0,\"b\":5.0,\"a"
            + " (2)\":3.0}",
        "softmax|{\"features\":[50,0,0]}|\"class\":\"a\"",
      })
  void usesTheClassesOfTheConfigurationAndCallsLogitsScores(
      String model, String body, String expected)
      throws ModelLoadException, RequestException, InferenceException {
    ModelDescription description =
        new ModelDescription(null, null, null, List.of("a", "b", "a"), List.of(), null);

    assertThat(answer(model, body, description)).contains(expected);
  }

  /** Their input is declared [any number, any number]; they were trained on rows of four. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "logistic",
        "linear",
        "svc",
        "svr",
        "scaled",
        "imputed",
        "minmax",
        "pca",
        "neighbours",
        "mlp",
        "naive-bayes",
        "kmeans",
        "forest",
        "boosting",
        "best"
      })
  void refusesRowsThatAreTooShort(String name) throws Exception {
    String row = "{\"features\":[5.1,3.5,1.4,0.2]}";
    assertThat(answer("width-" + name, row, ModelDescription.EMPTY)).contains("prediction");
    for (String few : List.of("5.1", "5.1,3.5", "5.1,3.5,1.4")) {
      assertThatThrownBy(
              () -> answer("width-" + name, "{\"features\":[" + few + "]}", ModelDescription.EMPTY))
          .isInstanceOf(RequestException.class)
          .hasMessageContaining("; the model takes ")
          .hasMessageContaining("4 values");
    }
  }

  @Test
  void namesUsedTwiceNeverMeet() {
    assertThat(ClassNames.of(List.of(), List.of("a", "a", "a (1)")).names())
        .containsExactly("a", "a (1)", "a (1) (2)");
  }

  @Test
  void countsTheValuesOfAnAnswer() {
    RunOutputs outputs =
        new RunOutputs(
            Map.of(
                "rows", NumericTensor.allocate(DataType.FP32, Shape.of(3, 5)),
                "repeated", NumericTensor.allocate(DataType.FP32, Shape.of(7))),
            new RunTimes(0, 0, 0));

    assertThat(Predictor.values(outputs, new RowAxes(Map.of("rows", 0)), 3)).isEqualTo(15 + 3 * 7);
  }

  /** One row and then many spaces: reading takes far longer than answering. */
  @Test
  void readingCountsAsProcessing() throws Exception {
    byte[] small = "{\"features\":[1,2]}".getBytes(StandardCharsets.UTF_8);
    byte[] large =
        ("{\"features\":[1,2" + " ".repeat(50_000_000) + "]}").getBytes(StandardCharsets.UTF_8);
    try (ServedTestModel served = ServedTestModel.load("linear", ModelDescription.EMPTY)) {
      Predictor predictor = new Predictor(served.model(), "pod");
      Translation<Answer> first = predictor.ask(Body.of(small));
      RunOutputs outputs = served.infer(first.request());
      var _ = first.answer(outputs);

      long start = System.nanoTime();
      Translation<Answer> translation = predictor.ask(Body.of(large));
      double reading = (System.nanoTime() - start) / 1e6;
      byte[] answer = translation.answer(outputs).body().getBytes();

      double processing =
          new ObjectMapper().readTree(answer).get("processing_time_ms").doubleValue();
      assertThat(processing).isGreaterThan(reading / 2);
    }
  }

  private static String answer(String name, String body, ModelDescription given)
      throws ModelLoadException, RequestException, InferenceException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (ServedTestModel served = ServedTestModel.load(name, given)) {
      Predictor predictor = new Predictor(served.model(), "pod");
      Rows features = predictor.read(bytes, bytes.length);
      return predictor
          .answer(
              features,
              served.infer(InferenceRequest.of(features.inputs())),
              Integer.MAX_VALUE,
              Instant.EPOCH,
              System.nanoTime())
          .toString();
    }
  }
}
