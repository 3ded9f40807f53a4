package dev.modelserver.server.graph.ranges;

import static dev.modelserver.server.graph.ranges.ColumnRange.points;
import static dev.modelserver.server.graph.ranges.ColumnRange.wholeNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.independence.TestGraph;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which column of which input it is that a node tells of. */
class InputRangesTest {

  private static final List<String> NUMBERS = List.of("0", "1", "2", "3", "10");
  private static final String TREE = "ai.onnx.ml:TreeEnsembleRegressor";

  /** A pipeline of skl2onnx: categories of one column, scales of others, trees over all. */
  @Test
  void columnsOfAPipeline() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .integers("kinds", 1)
            .integers("sizes", 0, 3)
            .node("ai.onnx.ml:ArrayFeatureExtractor", "x kinds", "a")
            .node("Cast", "a", "k", "to=7")
            .node("ai.onnx.ml:OneHotEncoder", "k", "h", "cats_int64s=[4,5]")
            .node("ai.onnx.ml:ArrayFeatureExtractor", "x sizes", "s")
            .node("ai.onnx.ml:Scaler", "s", "t", "offset=[10.0,20.0]", "scale=[2.0,1.0]")
            .node("ai.onnx.ml:FeatureVectorizer", "h t", "v")
            .node(TREE, "v", "y", "nodes_featureids=[2]", "nodes_values=[0.5]");
    InputRange x = InputRanges.of(graph.model()).getOrDefault("x", InputRange.ANY);

    assertThat(x.all()).isEqualTo(ColumnRange.ANY);
    assertThat(x.columns())
        .isEqualTo(
            Map.of(
                0, points(List.of(9.0, 10.0, 11.0)),
                1, new ColumnRange(0, -1, List.of(4L, 5L), NUMBERS, List.of()),
                3, points(List.of(18.0, 20.0, 22.0))));
  }

  @Test
  void inputsWithoutColumns() {
    TestGraph graph =
        TestGraph.graph()
            .input("ids", "?")
            .input("wide", "?x?")
            .weights("table", "9x4")
            .node("Gather", "table ids", "a")
            .node("Gather", "table wide", "b");

    assertThat(InputRanges.of(graph.model()))
        .isEqualTo(
            Map.of(
                "ids", new InputRange(ColumnRange.ANY, Map.of(0, wholeNumbers(0, 8))),
                "wide", new InputRange(wholeNumbers(0, 8), Map.of())));
  }

  @ParameterizedTest
  @CsvSource({"1, true", "7, true", "8, false"})
  void aTextThatBecomesANumberIsOne(int to, boolean numbers) {
    TestGraph graph =
        TestGraph.graph().input("x", Constant.STRING, "?x2").node("Cast", "x", "y", "to=" + to);
    List<String> words =
        InputRanges.of(graph.model()).getOrDefault("x", InputRange.ANY).column(1).words();

    assertThat(words).isEqualTo(numbers ? NUMBERS : List.of());
  }

  @Test
  void knowsNothingOfAnInputThatNoNodeTellsOf() {
    TestGraph graph = TestGraph.graph().input("x", "?x3").node("Relu", "x", "y");

    assertThat(InputRanges.of(graph.model())).isEmpty();
  }

  /** An input with a default is not asked for, and a constant to what it is given to. */
  @Test
  void anInputWithADefaultIsAConstant() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x1")
            .input("limit", "1")
            .floats("limit", 8)
            .node("Less", "x limit", "y");

    assertThat(InputRanges.of(graph.model()).keySet()).containsExactly("x");
    assertThat(PassagesTest.thresholds(graph, "x", 1)).isEqualTo("8.0");
  }

  @ParameterizedTest
  @CsvSource({"Cast", "Identity", "DequantizeLinear", "com.microsoft:DequantizeLinear"})
  void throughATableOfAnotherType(String operator) {
    TestGraph graph =
        TestGraph.graph()
            .input("ids", "?x1")
            .weights("stored", "7x4")
            .node(operator, "stored", "table")
            .node("Gather", "table ids", "y");

    assertThat(InputRanges.of(graph.model()).getOrDefault("ids", InputRange.ANY).column(0))
        .isEqualTo(wholeNumbers(0, 6));
  }

  @Test
  void throughFunctions() {
    TestGraph body =
        TestGraph.graph().node("Identity", "b", "c").node("Gather", "t b", "d").output("c", "d");
    TestGraph graph =
        TestGraph.graph()
            .input("ids", "?x2")
            .weights("table", "7x4")
            .function("Own", "t b", "c d", body)
            .node("local:Own", "table ids", "c d")
            .node(TREE, "c", "y", "nodes_featureids=[1]", "nodes_values=[3.5]");
    InputRange ids = InputRanges.of(graph.model()).getOrDefault("ids", InputRange.ANY);

    assertThat(ids.column(0)).isEqualTo(wholeNumbers(0, 6));
    assertThat(ids.column(1)).isEqualTo(new ColumnRange(0, 6, List.of(), List.of(), List.of(3.5)));
  }

  @Test
  void throughAFunctionThatCallsItself() {
    TestGraph body = TestGraph.graph().node("local:Own", "t b", "d");
    TestGraph graph =
        TestGraph.graph()
            .input("ids", "?x2")
            .weights("table", "7x4")
            .function("Own", "t b", "d", body)
            .node("local:Own", "table ids", "y");

    assertThat(InputRanges.of(graph.model())).isEmpty();
  }

  /** Also in the same order at every start, whatever the order of the attributes in memory. */
  @Test
  void throughGraphsInsideANode() {
    List<String> names = List.of("eight", "five", "four", "one", "seven", "six", "three", "two");
    Map<String, TestGraph> branches =
        names.stream()
            .collect(
                Collectors.toMap(
                    name -> name,
                    name ->
                        TestGraph.graph()
                            .floats("c", names.indexOf(name))
                            .node("Less", "x c", "y")));
    TestGraph graph = TestGraph.graph().input("x", "?x1").node("Own", "", "y", branches);

    assertThat(PassagesTest.thresholds(graph, "x", 1)).isEqualTo("0.0,1.0,2.0,3.0,4.0,5.0,6.0,7.0");
  }
}
