package dev.modelserver.server.graph.ranges;

import static dev.modelserver.server.graph.ranges.ColumnRange.keys;
import static dev.modelserver.server.graph.ranges.ColumnRange.points;
import static dev.modelserver.server.graph.ranges.ColumnRange.words;
import static dev.modelserver.server.graph.ranges.ExpectationsTest.columns;
import static dev.modelserver.server.graph.ranges.ExpectationsTest.x;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.graph.independence.TestGraph;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the classic machine learning operators tell of an input that is theirs. */
class MlExpectationsTest {

  @ParameterizedTest
  @CsvSource({
    "OneHotEncoder,cats_int64s,cats_strings",
    "LabelEncoder,keys_int64s,keys_strings",
    "CategoryMapper,cats_int64s,cats_strings"
  })
  void categories(String operator, String numbers, String texts) {
    String node = "ai.onnx.ml:" + operator;

    assertThat(columns(x("?x1").node(node, "x", "y", numbers + "=[3,5,8]"), 1))
        .containsExactly(keys(List.of(3L, 5L, 8L)));
    assertThat(columns(x("?x1").node(node, "x", "y", texts + "=[red,green]"), 1))
        .containsExactly(words(List.of("red", "green")));
  }

  @Test
  void thresholdsAndWhatIsImputed() {
    assertThat(columns(x("?x1").node("ai.onnx.ml:Binarizer", "x", "y", "threshold=0.5"), 1))
        .containsExactly(points(List.of(0.5)));
    assertThat(
            columns(x("?x1").node("ai.onnx.ml:Imputer", "x", "y", "imputed_value_floats=[4.5]"), 1))
        .containsExactly(points(List.of(4.5)));
  }

  /** Two deviations on both sides of the mean, of each column its own. */
  @Test
  void scales() {
    TestGraph own =
        x("?x2").node("ai.onnx.ml:Scaler", "x", "y", "offset=[10.0,5.0]", "scale=[0.5,0.0]");
    TestGraph one = x("?x2").node("ai.onnx.ml:Scaler", "x", "y", "offset=[1.0]", "scale=[2.0]");

    assertThat(columns(own, 2))
        .containsExactly(points(List.of(6.0, 10.0, 14.0)), points(List.of(4.0, 5.0, 6.0)));
    assertThat(columns(one, 2)).containsOnly(points(List.of(0.0, 1.0, 2.0)));
  }

  @ParameterizedTest
  @CsvSource({"TreeEnsembleClassifier", "TreeEnsembleRegressor"})
  void thresholdsOfTreesByColumn(String operator) {
    TestGraph graph =
        x("?x3")
            .node(
                "ai.onnx.ml:" + operator,
                "x",
                "y",
                "nodes_featureids=[0,2,0]",
                "nodes_values=[0.5,3.5,1.5]");

    assertThat(columns(graph, 3))
        .containsExactly(points(List.of(0.5, 1.5)), ColumnRange.ANY, points(List.of(3.5)));
  }

  /** A leaf names a column and a value too, 0 and 0 as a rule. */
  @Test
  void leavesOfTreesHaveNoThresholds() {
    TestGraph graph =
        x("?x2")
            .node(
                "ai.onnx.ml:TreeEnsembleRegressor",
                "x",
                "y",
                "nodes_featureids=[1,0,0]",
                "nodes_modes=[BRANCH_LEQ,LEAF,LEAF]",
                "nodes_values=[7.5,0.0,0.0]");

    assertThat(columns(graph, 2)).containsExactly(ColumnRange.ANY, points(List.of(7.5)));
  }

  @Test
  void keepsAThousandThresholdsOfAColumn() {
    String features = Collections.nCopies(1001, 0) + "";
    String values = Arrays.toString(DoubleStream.iterate(0.5, v -> v + 1).limit(1001).toArray());
    TestGraph graph =
        x("?x1")
            .node(
                "ai.onnx.ml:TreeEnsembleRegressor",
                "x",
                "y",
                "nodes_featureids=" + features.replace(" ", ""),
                "nodes_values=" + values.replace(" ", ""));

    assertThat(columns(graph, 1).getFirst().points()).hasSize(1000).endsWith(999.5);
  }
}
