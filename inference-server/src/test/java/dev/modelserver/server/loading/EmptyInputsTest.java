package dev.modelserver.server.loading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.inference.EmptyInputs.Decision;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.model.EmptyAxes;
import dev.modelserver.server.model.EmptyAxes.InputAxis;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of requests without rows, and of others that are empty. */
class EmptyInputsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linear | y FP32[0,1]",
        "sklearn-zipmap | output_label INT64[0], output_probability FP32[0,3]",
        "sklearn-zipmap-strings | output_label BYTES[0], output_probability FP32[0,3]",
        "lightgbm-zipmap | label INT64[0], probabilities FP32[0,3]",
        "several | first FP32[0,1], second INT64[0,1], third BYTES[0,1], fourth FP32[0,2]",
        "division-int64 | y INT64[0,2]",
        "type-bool | y BOOL[0,2], number FP64[0,2]",
      })
  void noRowsHaveNoAnswers(String name, String outputs) throws Exception {
    WarmModel warm = WarmModel.load(TestModels.file(name), ModelDescription.EMPTY);
    try {
      Decision decision = warm.empty().decide(InferenceRequest.of(rows(warm, 0)));
      assertThat(decision)
          .isInstanceOfSatisfying(
              Decision.Answer.class,
              answer -> assertThat(text(answer.outputs().tensors())).isEqualTo(outputs));
      assertThat(warm.empty().decide(InferenceRequest.of(rows(warm, 1))))
          .isEqualTo(new Decision.Run());
    } finally {
      assertThat(warm.model().close(Duration.ofSeconds(1))).isTrue();
    }
  }

  /** Outputs that have other rows than the inputs, and a model of which nothing is known. */
  @ParameterizedTest
  @ValueSource(strings = {"output-more-rows", "output-distinct", "rejects-everything"})
  void refusesNoRowsWhereTheAnswerIsNotKnown(String name) throws Exception {
    WarmModel warm = WarmModel.load(TestModels.file(name), ModelDescription.EMPTY);
    try {
      InferenceRequest request = InferenceRequest.of(rows(warm, 0));
      assertThat(warm.empty().decide(request))
          .isInstanceOfSatisfying(
              Decision.Refuse.class,
              refusal ->
                  assertThat(refusal.message())
                      .contains("\"x\"", "axis 0", "send at least one element"));
      EmptyAxes tried = new EmptyAxes(Set.of(Set.of(new InputAxis("x", 0))));
      assertThat(warm.allowing(tried).empty().decide(request)).isEqualTo(new Decision.Run());
    } finally {
      assertThat(warm.model().close(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void takesOtherEmptyAxesThatRan() throws Exception {
    WarmModel warm = WarmModel.load(TestModels.file("dynamic"), ModelDescription.EMPTY);
    try {
      Tensor empty = NumericTensor.allocate(DataType.FP32, Shape.of(1, 0, 3));
      InferenceRequest request = InferenceRequest.of(Map.of("x", empty));
      assertThat(warm.empty().decide(request)).isInstanceOf(Decision.Refuse.class);
      EmptyAxes other = new EmptyAxes(Set.of(Set.of(new InputAxis("x", 2))));
      assertThat(warm.allowing(other).empty().decide(request)).isInstanceOf(Decision.Refuse.class);
      EmptyAxes tried = new EmptyAxes(Set.of(Set.of(new InputAxis("x", 1))));
      assertThat(warm.allowing(tried).empty().decide(request)).isEqualTo(new Decision.Run());
    } finally {
      assertThat(warm.model().close(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void answersOnlyWhatIsWanted() throws Exception {
    WarmModel warm = WarmModel.load(TestModels.file("several"), ModelDescription.EMPTY);
    try {
      InferenceRequest request = new InferenceRequest(rows(warm, 0), List.of("third"), null);
      assertThat(warm.empty().decide(request))
          .isInstanceOfSatisfying(
              Decision.Answer.class,
              answer -> assertThat(text(answer.outputs().tensors())).isEqualTo("third BYTES[0,1]"));
    } finally {
      assertThat(warm.model().close(Duration.ofSeconds(1))).isTrue();
    }
  }

  private static Map<String, Tensor> rows(WarmModel warm, int rows) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (TensorSpec input : warm.signature().inputs()) {
      Shape shape = input.smallest(rows);
      tensors.put(
          input.name(),
          input.datatype() == DataType.BYTES
              ? new StringTensor(shape, Collections.nCopies((int) shape.elements(), "a"))
              : NumericTensor.allocate(input.datatype(), shape));
    }
    return tensors;
  }

  private static String text(Map<String, Tensor> outputs) {
    StringJoiner text = new StringJoiner(", ");
    outputs.forEach((name, tensor) -> text.add(name + " " + tensor.type() + tensor.shape()));
    return text.toString();
  }
}
