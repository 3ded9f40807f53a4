package dev.modelserver.server.inference;

import static dev.modelserver.server.inference.TrialRowsTest.gather;
import static dev.modelserver.server.inference.TrialRowsTest.numbers;
import static dev.modelserver.server.inference.TrialRowsTest.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.graph.independence.TestGraph;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.StringTensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The values of trial rows are those that the graph expects. */
class TrialValuesTest {

  private static final int ROWS = 64;

  private static final String TREES = "ai.onnx.ml:TreeEnsembleRegressor";

  /** Rows whose values are those at the points that the graph names. */
  private static final int EDGES = 4;

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BYTES")
  void areNumbersOfEveryType(DataType type) {
    for (int row = 0; row < ROWS; row++) {
      List<Double> values = numbers(rows(type, -1, 50).row(row));
      assertThat(values).allMatch(Double::isFinite).hasSize(50);
      assertThat(values).allMatch(value -> type != DataType.BOOL || value == 0 || value == 1);
      assertThat(values).allMatch(value -> !type.isInteger() || (value >= 0 && value <= 255));
    }
  }

  /** 70 000 is beyond half floats, and 300 beyond bytes. */
  @Test
  void areOneWhereTheTypeCannotHoldWhatTheGraphExpects() {
    TestGraph far = x().node(TREES, "x", "y", "nodes_featureids=[0]", "nodes_values=[70000.0]");
    TestGraph keys = x().node("ai.onnx.ml:OneHotEncoder", "x", "y", "cats_int64s=[300]");

    assertThat(numbers(rows(far, DataType.FP16, -1, 4).row(EDGES)).get(0)).isEqualTo(1.0);
    assertThat(numbers(rows(far, DataType.FP32, -1, 4).row(EDGES)).get(0)).isEqualTo(70_000.0);
    assertThat(numbers(rows(keys, DataType.UINT8, -1, 4).row(0))).containsOnly(1.0);
    assertThat(numbers(rows(keys, DataType.INT16, -1, 4).row(0))).containsOnly(300.0);
  }

  /** All indices come, also the first and the last, and no others. */
  @ParameterizedTest
  @EnumSource(names = {"INT64", "INT32", "FP32"})
  void areIndicesIntoATable(DataType type) {
    assertThat(all(rows(gather(), type, -1, 4))).containsOnly(0.0, 1.0, 2.0);
    assertThat(numbers(rows(gather(), type, -1, 4).rows(0, 4))).contains(0.0, 1.0, 2.0);
    assertThat(numbers(rows(gather(), type, -1, 4).row(EDGES))).containsOnly(0.0, 2.0);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT64", "FP32"})
  void areCategories(DataType type) {
    TestGraph graph = x().node("ai.onnx.ml:OneHotEncoder", "x", "y", "cats_int64s=[4,11,-7]");

    assertThat(all(rows(graph, type, -1, 4))).containsOnly(4.0, 11.0, -7.0);
  }

  @Test
  void areWordsOfAVocabulary() {
    TestGraph graph = x().node("TfIdfVectorizer", "x", "y", "pool_strings=[one,two]");
    TrialRows rows = rows(graph, DataType.BYTES, -1, 4);

    assertThat(((StringTensor) TrialRowsTest.x(rows.rows(0, ROWS))).values())
        .containsOnly("one", "two");
    assertThat(((StringTensor) TrialRowsTest.x(rows(DataType.BYTES, -1, 4).rows(0, ROWS))).values())
        .contains("", "Füße", "the quick brown fox");
  }

  @Test
  void areThresholdsOfTreesAndWhatLiesAround() {
    TestGraph graph =
        x().node(
                TREES,
                "x",
                "y",
                "nodes_featureids=[1,1,2]",
                "nodes_values=[1000.5,1010.5,-5000.5]");
    TrialRows rows = rows(graph, DataType.FP64, -1, 4);
    TrialRows integers = rows(graph, DataType.INT32, -1, 4);

    for (int row = EDGES; row < ROWS; row += 8) {
      List<Double> values = numbers(rows.row(row));
      assertThat(values.get(1)).isIn(1000.5, 1010.5);
      assertThat(values.get(2)).isEqualTo(-5000.5);
    }
    for (int row = 0; row < ROWS; row += 8) {
      List<Double> values = numbers(rows.row(row));
      assertThat(values.get(0)).isBetween(-5.0, 5.0);
      assertThat(values.get(1)).isBetween(999.0, 1012.0);
      assertThat(values.get(2)).isBetween(-5000.6, -5000.4);
      assertThat(numbers(integers.row(row)).get(1)).isBetween(999.0, 1012.0);
      assertThat(numbers(integers.row(row)).get(2)).isBetween(-5001.0, -5000.0);
    }
    assertThat(numbers(rows.row(1)).get(2)).isBetween(-500.0, 500.0);
  }

  private static TestGraph x() {
    return TestGraph.graph().input("x", "?x4");
  }

  private static List<Double> all(TrialRows rows) {
    return numbers(rows.rows(0, ROWS));
  }
}
