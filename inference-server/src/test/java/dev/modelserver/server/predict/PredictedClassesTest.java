package dev.modelserver.server.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PredictedClassesTest {

  private static final ClassNames NAMES = ClassNames.of(List.of(0L, 1L), List.of("red", "green"));
  private static final ClassNames NO_NAMES = ClassNames.NONE;

  @Test
  void numberLabelsHaveTheirNames() {
    assertThat(classes(roles("l", null, NAMES), Map.of("l", longs(1, 0, 7))))
        .containsExactly("green", "red", "7");
  }

  @Test
  void stringLabelsAreTheirOwn() {
    Tensor labels = new StringTensor(Shape.of(2), List.of("low", "high"));

    assertThat(classes(roles("l", null, NO_NAMES), Map.of("l", labels)))
        .containsExactly("low", "high");
  }

  @Test
  void withoutLabelsTheBestScoreDecides() {
    assertThat(classes(roles(null, "s", NAMES), Map.of("s", floats(2, 0.1f, 0.9f, 0.8f, 0.2f))))
        .containsExactly("green", "red");
  }

  @Test
  void numbersAreNoClasses() {
    assertThat(classes(roles("l", null, NO_NAMES), Map.of("l", longs(3, 4))))
        .containsExactly(null, null);
    assertThat(classes(roles(null, null, NO_NAMES), Map.of("v", floats(1, 0.5f, 0.6f, 0.7f))))
        .containsExactly(null, null, null);
  }

  @Test
  void aCallerWhoDoesNotWantTheLabelIsCountedByTheScores() {
    assertThat(classes(roles("l", "s", NAMES), Map.of("s", floats(2, 0.9f, 0.1f))))
        .containsExactly("red");
  }

  private static List<@Nullable String> classes(OutputRoles roles, Map<String, Tensor> outputs) {
    List<@Nullable String> classes = new ArrayList<>();
    new PredictedClasses(roles)
        .forEach(new RunOutputs(outputs, new RunTimes(0, 0, 0)), classes::add);
    return classes;
  }

  private static OutputRoles roles(
      @Nullable String label, @Nullable String scores, ClassNames names) {
    return new OutputRoles(label, false, scores, ScoreKind.SCORES, false, null, List.of(), names);
  }

  private static Tensor longs(long... values) {
    NumericTensor tensor = NumericTensor.allocate(DataType.INT64, Shape.of(values.length));
    for (int i = 0; i < values.length; i++) {
      tensor.data().putLong(i * 8, values[i]);
    }
    return tensor;
  }

  private static Tensor floats(int columns, float... values) {
    NumericTensor tensor =
        NumericTensor.allocate(DataType.FP32, Shape.of(values.length / columns, columns));
    for (int i = 0; i < values.length; i++) {
      tensor.data().putFloat(i * 4, values[i]);
    }
    return tensor;
  }
}
