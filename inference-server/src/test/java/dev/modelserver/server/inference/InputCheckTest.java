package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InputCheckTest {

  private static final Tensor ROW = NumericTensor.allocate(DataType.FP32, Shape.of(1, 2));
  private static final Tensor TWO = NumericTensor.allocate(DataType.FP32, Shape.of(2));

  private final InputCheck check =
      new InputCheck(
          new Signature(
              List.of(new TensorSpec("x", DataType.FP32, Shape.of(-1, 2))),
              List.of(new TensorSpec("factor", DataType.FP32, Shape.of(2))),
              List.of(),
              List.of()));

  @Test
  void whatHasADefaultMayBeSentOrNot() {
    InferenceRequest without = InferenceRequest.of(Map.of("x", ROW));
    InferenceRequest with = InferenceRequest.of(Map.of("x", ROW, "factor", TWO));

    assertThat(check.fault(without)).isNull();
    assertThat(check.overrides(without)).isFalse();
    assertThat(check.fault(with)).isNull();
    assertThat(check.overrides(with)).isTrue();
  }

  @Test
  void whatHasADefaultReplacesNothingThatIsNeeded() {
    assertThat(check.fault(InferenceRequest.of(Map.of("factor", TWO))))
        .isEqualTo("the input \"x\" is missing; the model needs it");
  }

  @Test
  void whatHasADefaultIsCheckedToo() {
    assertThat(check.fault(InferenceRequest.of(Map.of("x", ROW, "factor", ROW))))
        .startsWith("the input \"factor\" has the shape [1,2]; the model takes [2]");
  }

  @Test
  void rowsHaveWhatTheModelReads() {
    TensorSpec free = new TensorSpec("x", DataType.FP32, Shape.of(-1, -1));
    assertThat(fault(free.withLeastWidth(3), Shape.of(2, 2)))
        .isEqualTo(
            "the input \"x\" has the shape [2,2]; its rows must have at least 3 values, which the"
                + " model reads");
    assertThat(fault(free.withLeastWidth(3), Shape.of(2, 4))).isNull();
    assertThat(fault(free.withWidth(3), Shape.of(2, 2)))
        .isEqualTo(
            "the input \"x\" has the shape [2,2]; the model takes [?,3], where ? is any size");
    assertThat(fault(free.withWidth(3), Shape.of(2, 4))).isNotNull();
    TensorSpec shapeless = new TensorSpec("x", DataType.FP32, Shape.of()).withLeastWidth(3);
    assertThat(fault(shapeless, Shape.of(2, 2))).contains("at least 3 values");
    assertThat(fault(shapeless, Shape.of())).isNull();
  }

  private static @Nullable String fault(TensorSpec input, Shape given) {
    return new InputCheck(new Signature(List.of(input), List.of(), List.of()))
        .fault(InferenceRequest.of(Map.of("x", NumericTensor.allocate(DataType.FP32, given))));
  }

  @Test
  void whatNobodyKnowsIsRefused() {
    assertThat(check.fault(InferenceRequest.of(Map.of("x", ROW, "y", ROW))))
        .isEqualTo("\"y\" is not an input of the model; its inputs are x, and 1 with a default");
  }
}
