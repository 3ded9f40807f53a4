package dev.modelserver.server.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorBuilderTest {

  @ParameterizedTest
  @CsvSource({
    // between two neighbours: the nearest one; half way: the even one
    "BF16, 0.1, 0.10009765625",
    "BF16, 1.00390625, 1.0",
    "BF16, 1.01171875, 1.015625",
    "BF16, -3.3895313892515355e38, -3.3895313892515355e38",
    "FP16, 0.1, 0.0999755859375",
    "FP16, 65519, 65504",
    "FP32, 0.1, 0.10000000149011612",
    "FP64, 0.1, 0.1",
  })
  void roundsToTheNearest(DataType type, double value, double held) {
    TensorBuilder builder = new TensorBuilder(type);

    assertThat(builder.addDouble(value)).isTrue();
    NumericTensor tensor = (NumericTensor) builder.build(Shape.of(1));
    assertThat(tensor.doubleAt(0)).isEqualTo(held);
  }

  @ParameterizedTest
  @CsvSource({"BF16, 3.4e38", "BF16, -3.4e38", "FP16, 65520", "FP32, 3.5e38"})
  void refusesWhatWouldBeInfinite(DataType type, double value) {
    TensorBuilder builder = new TensorBuilder(type);

    assertThat(builder.addDouble(value)).isFalse();
    assertThat(builder.count()).isZero();
  }
}
