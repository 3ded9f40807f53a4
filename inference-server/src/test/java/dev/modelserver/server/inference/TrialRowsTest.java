package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.graph.independence.TestGraph;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrialRowsTest {

  private static final int ROWS = 64;

  /** Also in another process, with other hash codes and another time. */
  @Test
  void areTheSameAtEveryStart() {
    TrialRows numbers = rows(DataType.FP64, -1, 2);
    TrialRows indices = rows(gather(), DataType.INT64, -1, 4);
    TrialRows texts = rows(DataType.BYTES, -1, 1);

    assertThat(numbers(numbers.rows(0, 2)))
        .containsExactly(
            -1.9179294724469411, -0.4089632951084547, 32.14776249582153, 153.08086982949544);
    assertThat(numbers(indices.rows(0, 2))).containsExactly(2.0, 2.0, 2.0, 1.0, 0.0, 2.0, 2.0, 2.0);
    assertThat(((StringTensor) x(texts.rows(0, 6))).values())
        .containsExactly("Füße", "a", "a", "", "Füße", "");
    assertThat(rows(DataType.FP64, -1, 2).row(7)).isEqualTo(numbers.row(7));
  }

  /** Neighbours do, and all whose values are neither edges nor mostly zeros. */
  @Test
  void differFromEachOther() {
    TrialRows rows = rows(DataType.FP32, -1, 4);

    assertThat(IntStream.range(1, ROWS)).noneMatch(row -> rows.row(row).equals(rows.row(row - 1)));
    assertThat(IntStream.range(0, ROWS).filter(row -> row % 8 < 4).mapToObj(rows::row))
        .doesNotHaveDuplicates();
  }

  /** Two inputs of one row do not have the same values. */
  @Test
  void differFromInputToInput() {
    Map<String, Tensor> row =
        TrialRows.of(
                new Signature(
                    List.of(spec("x", DataType.FP32, -1, 4), spec("z", DataType.FP32, -1, 4)),
                    List.of(),
                    List.of()),
                Optional.empty())
            .row(0);

    assertThat(row.keySet()).containsExactly("x", "z");
    assertThat(row.get("x")).isNotEqualTo(row.get("z"));
  }

  @Test
  void haveOneThatIsAHundredTimesAsLargeAsItsNeighbour() {
    TrialRows rows = rows(DataType.FP64, -1, 1000);

    assertThat(deviation(rows.row(8))).isBetween(0.9, 1.1);
    assertThat(deviation(rows.row(9))).isBetween(90.0, 110.0);
    assertThat(numbers(rows.row(3))).allMatch(value -> value >= 0 && value < 1);
    assertThat(numbers(rows.row(5))).allMatch(value -> value >= 0 && value <= 255);
    assertThat(numbers(rows.row(5))).anyMatch(value -> value > 200);
  }

  @Test
  void lieBehindEachOther() {
    TrialRows rows = rows(DataType.FP32, -1, 3);

    assertThat(x(rows.rows(5, 3)).shape()).isEqualTo(Shape.of(3, 3));
    assertThat(numbers(rows.rows(5, 3))).isEqualTo(joined(rows, 5, 6, 7));
    assertThat(numbers(rows.repeated(5, 3))).isEqualTo(joined(rows, 5, 5, 5));
  }

  @Test
  void leaveAFixedFirstSizeAsItIs() {
    TrialRows rows = rows(DataType.FP32, 2, 3);
    TrialRows single = rows(DataType.FP32);

    assertThat(x(rows.rows(5, 4)).shape()).isEqualTo(Shape.of(2, 3));
    assertThat(rows.rows(5, 4)).isEqualTo(rows.row(5)).isEqualTo(rows.repeated(5, 4));
    assertThat(x(single.rows(5, 4)).shape()).isEqualTo(Shape.of());
  }

  @Test
  void areTheSmallestThatTheModelTakes() {
    TensorSpec spec = spec("x", DataType.FP32, -1, -1, -1).withLeastWidth(7);
    TrialRows rows =
        TrialRows.of(new Signature(List.of(spec), List.of(), List.of()), Optional.empty());

    assertThat(x(rows.rows(0, 2)).shape()).isEqualTo(Shape.of(2, 1, 7));
  }

  @Test
  void refuseWhatIsTooLargeForMemory() {
    TrialRows rows = rows(DataType.INT8, -1, 3_000_000_000L);

    assertThatThrownBy(() -> rows.row(0)).isInstanceOf(ArithmeticException.class);
  }

  static TestGraph gather() {
    return TestGraph.graph()
        .input("x", "?x4")
        .weights("table", "3x8")
        .node("Gather", "table x", "y");
  }

  static TrialRows rows(DataType type, long... dims) {
    Signature signature = new Signature(List.of(spec("x", type, dims)), List.of(), List.of());
    return TrialRows.of(signature, Optional.empty());
  }

  static TrialRows rows(TestGraph graph, DataType type, long... dims) {
    Signature signature = new Signature(List.of(spec("x", type, dims)), List.of(), List.of());
    return TrialRows.of(signature, Optional.of(graph.model()));
  }

  private static TensorSpec spec(String name, DataType type, long... dims) {
    return new TensorSpec(name, type, Shape.of(dims));
  }

  static Tensor x(Map<String, Tensor> inputs) {
    return Objects.requireNonNull(inputs.get("x"));
  }

  static List<Double> numbers(Map<String, Tensor> inputs) {
    NumericTensor x = (NumericTensor) x(inputs);
    return IntStream.range(0, (int) x.shape().elements()).mapToObj(x::doubleAt).toList();
  }

  private static List<Double> joined(TrialRows rows, int... each) {
    return IntStream.of(each).boxed().flatMap(row -> numbers(rows.row(row)).stream()).toList();
  }

  private static double deviation(Map<String, Tensor> inputs) {
    return Math.sqrt(
        numbers(inputs).stream().mapToDouble(value -> value * value).average().orElseThrow());
  }
}
