package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory that lasts gives the answers that are right, for every type, ZipMap or not. */
class PinnedBatchTest {

  /** Those whose rows can share a run. */
  static List<String> models() {
    return ExpectedAnswers.models().stream().filter(PinnedBatchTest::fits).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersAsExpected(String name) throws Exception {
    ExpectedAnswers expected = ExpectedAnswers.of(name);
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    try (PinnedBatch batch = PinnedBatch.of(model, 16).orElseThrow()) {
      for (ExpectedAnswers.Case each : expected.cases()) {
        int rows = rows(each.inputs());
        if (rows > 0 && each.inputs().size() == model.signature(List.of()).inputs().size()) {
          batch.put(0, each.inputs());
          var _ = batch.run(rows, List.of(), null);
          expected.check(each, batch.take(0, rows, rows));
        }
      }
    }
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  /** An output that had other rows than the inputs once is not given memory again; others are. */
  @Test
  void remembersOutputsWithRowsOfTheirOwn() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("output-filter"));
    try (PinnedBatch batch = PinnedBatch.of(model, 16).orElseThrow()) {
      assertThat(model.pinnable().contains("kept")).isTrue();
      ExpectedAnswers expected = ExpectedAnswers.of("output-filter");
      for (ExpectedAnswers.Case each : expected.cases()) {
        batch.put(0, each.inputs());
        var _ = batch.run(rows(each.inputs()), List.of("kept"), null);
      }
    }
    assertThat(model.pinnable().contains("kept")).isFalse();
    assertThat(model.pinnable().contains("minus")).isTrue();
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  /** The trial of the first run finds what the graph does not tell: here it is told wrong. */
  @Test
  void findsOutputsThatTheRuntimeDoesNotWrite() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("output-is-number-input"), Set.of("y", "id"));
    ExpectedAnswers expected = ExpectedAnswers.of("output-is-number-input");
    try (PinnedBatch batch = PinnedBatch.of(model, 16).orElseThrow()) {
      for (ExpectedAnswers.Case each : expected.cases()) {
        int rows = rows(each.inputs());
        batch.put(0, each.inputs());
        var _ = batch.run(rows, List.of(), null);
        expected.check(each, batch.take(0, rows, rows));
      }
    }
    assertThat(model.pinnable().contains("y")).isTrue();
    assertThat(model.pinnable().contains("id")).isFalse();
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  private static boolean fits(String name) {
    try {
      OnnxModel model = OnnxModel.load(TestModels.file(name));
      boolean fits = PinnedBatch.fits(model.signature(List.of()));
      return model.close(Duration.ofSeconds(1)) && fits;
    } catch (ModelLoadException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int rows(Map<String, Tensor> inputs) {
    return (int) inputs.values().iterator().next().shape().dim(0);
  }
}
