package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnxruntime.extensions.OrtxPackage;
import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.independence.RowIndependence;
import dev.modelserver.server.model.ModelLoadException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models with operators of ONNX Runtime Extensions; {@code OnnxModelTest} has their answers. */
class ExtensionsTest {

  @ParameterizedTest
  @CsvSource({
    "extension-embedding, true",
    "extension-function, true",
    "text-sentiment, false",
    "identity, false"
  })
  void areThereForModelsThatUseThem(String name, boolean used) throws Exception {
    assertThat(Extensions.of(graph(name)).used()).isEqualTo(used);
  }

  @Test
  void areOfTheVersionThatMessagesName() {
    assertThat(OrtxPackage.class.getPackage().getImplementationVersion())
        .isEqualTo(Extensions.VERSION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extension-unknown | ONNX Runtime 1.28.0 says: Load model from the file failed:Fatal error: ai.onnx.contrib:NoSuchTokenizer(-1) is not a registered function/op; ONNX Runtime Extensions 0.13.0, which the server has, knows no such operator: export the model with this version, or do this step (tokens, images, audio) before the request",
        "extension-file | the operator ImageReader of ONNX Runtime Extensions reads files of the server by their names, which is not allowed: export the model with the content of the file as its input",
        "extension-regex | the operator StringECMARegexReplace of ONNX Runtime Extensions ends the process over a long text, because its expressions call themselves for each character: export the model with StringRegexReplace",
      })
  void otherOperatorsAreRefusedByName(String name, String message) {
    ModelLoadException refusal =
        catchThrowableOfType(ModelLoadException.class, () -> OnnxModel.load(TestModels.file(name)));

    assertThat(refusal).hasMessage(message);
    assertThat(refusal.kind()).isEqualTo(ModelLoadException.Kind.UNSUPPORTED_OPERATOR);
  }

  @ParameterizedTest
  @CsvSource({"extension-upper, StringUpper", "extension-split, StringSplit"})
  void keepRowsApartOrNotNobodyKnows(String name, String operator) {
    assertThat(RowIndependence.of(graph(name)).whyNot())
        .get()
        .asString()
        .contains("(" + operator + ") is not known");
  }

  @Test
  void outliveOtherModelsThatUseThem() throws Exception {
    ExpectedAnswers expected = ExpectedAnswers.of("extension-embedding");
    OnnxModel model = OnnxModel.load(TestModels.file("extension-embedding"));
    OnnxModel other = OnnxModel.load(TestModels.file("extension-upper"));
    assertThat(other.close(Duration.ofSeconds(1))).isTrue();

    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<RunOutputs>> runs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        ExpectedAnswers.Case each = expected.cases().get(i % expected.cases().size());
        runs.add(callers.submit(() -> model.run(each.inputs(), List.of(), new RunControl())));
      }
      for (int i = 0; i < runs.size(); i++) {
        expected.check(
            expected.cases().get(i % expected.cases().size()), runs.get(i).get().tensors());
      }
    }
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  private static ModelGraph graph(String name) {
    return ModelGraph.of(TestModels.file(name)).orElseThrow();
  }
}
