package dev.modelserver.server.graph.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.graph.independence.TestGraph;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which columns of an input come to trees behind a node. */
class PassagesTest {

  /** Thresholds of the columns 0, 1 and 2: 0.5, 1.5 and 2.5. */
  private static final String[] TREES = {"nodes_featureids=[0,1,2]", "nodes_values=[0.5,1.5,2.5]"};

  private static final String TREE = "ai.onnx.ml:TreeEnsembleRegressor";

  /** What lies between x with five columns and the trees, and the thresholds of its columns. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cast | x | to=1 | 0.5 1.5 2.5 - -",
        "Identity | x | a=0 | 0.5 1.5 2.5 - -",
        "Clip | x | a=0 | 0.5 1.5 2.5 - -",
        "Flatten | x | axis=1 | 0.5 1.5 2.5 - -",
        "Reshape | x rows | a=0 | 0.5 1.5 2.5 - -",
        "Gather | x picked | axis=1 | - 1.5 - 0.5 2.5",
        "ai.onnx.ml:ArrayFeatureExtractor | x picked | a=0 | - 1.5 - 0.5 2.5",
        "Slice | x two minus one | a=0 | - - 0.5 1.5 -",
        "Slice | x | starts=[1] | *",
        "Slice | x two minus one one | a=0 | *",
        "Slice | x two minus zero | a=0 | *",
        "Reshape | x cut | a=0 | *",
        "Transpose | x | a=0 | *",
        "Gather | x picked | axis=0 | *",
        "Gather | x unknown | axis=1 | *",
        "Relu | x | a=0 | - - - - -",
        "ai.onnx.ml:Scaler | x | a=0 | - - - - -",
        "other:Identity | x | a=0 | - - - - -",
      })
  void throughANode(String operator, String inputs, String attribute, String expected) {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x5")
            .input("unknown", "?")
            .integers("rows", -1, 5)
            .integers("cut", -1, 2)
            .integers("picked", 3, 1, -1)
            .integers("zero", 0)
            .integers("one", 1)
            .integers("two", 2)
            .integers("minus", -1)
            .node(operator, inputs, "v", attribute)
            .node(TREE, "v", "y", TREES);

    assertThat(thresholds(graph, "x", 5)).isEqualTo(expected.equals("*") ? all(5) : expected);
  }

  @Test
  void throughASliceWithAttributes() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x5")
            .node("Slice", "x", "v", "starts=[-4]", "ends=[99]", "axes=[-1]")
            .node(TREE, "v", "y", TREES);

    assertThat(thresholds(graph, "x", 5)).isEqualTo("- 0.5 1.5 2.5 -");
  }

  @ParameterizedTest
  @CsvSource({"Concat,axis=1", "Concat,axis=-1", "ai.onnx.ml:FeatureVectorizer,a=0"})
  void throughColumnsThatAreJoined(String operator, String attribute) {
    TestGraph graph =
        TestGraph.graph()
            .input("a", "?x2")
            .input("b", "?x2")
            .node(operator, "a b", "v", attribute)
            .node(TREE, "v", "y", TREES);

    assertThat(thresholds(graph, "a", 2)).isEqualTo("0.5 1.5");
    assertThat(thresholds(graph, "b", 2)).isEqualTo("2.5 -");
  }

  /** Then any of the thresholds can be that of any of the columns. */
  @Test
  void joinedWithRowsOrWithAValueOfUnknownWidth() {
    TestGraph rows =
        TestGraph.graph()
            .input("a", "?x2")
            .input("b", "?x2")
            .node("Concat", "a b", "v", "axis=0")
            .node(TREE, "v", "y", TREES);
    TestGraph unknown =
        TestGraph.graph()
            .input("a", "?x2")
            .node("Relu", "a", "r")
            .node("Concat", "r a", "v", "axis=1")
            .node(TREE, "v", "y", TREES);

    assertThat(thresholds(rows, "b", 2)).isEqualTo(all(2));
    assertThat(thresholds(unknown, "a", 2)).isEqualTo(all(2));
  }

  @ParameterizedTest
  @CsvSource({
    "x sizes, a v, - - - - 0.5 1.5",
    "x, a v c, - - 0.5 1.5 - -",
    "x three, a v, *",
  })
  void throughASplit(String inputs, String outputs, String expected) {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x6")
            .integers("sizes", 4, 2)
            .integers("three", 2, 2, 2)
            .node("Split", inputs, outputs, "axis=1")
            .node(TREE, "v", "y", TREES);

    assertThat(thresholds(graph, "x", 6)).isEqualTo(expected.equals("*") ? all(6) : expected);
  }

  /** All thresholds for each column. */
  private static String all(int width) {
    return String.join(" ", Collections.nCopies(width, "0.5,1.5,2.5"));
  }

  /** Of each column, with blanks between; "-": none. */
  static String thresholds(TestGraph graph, String input, int width) {
    InputRange range = InputRanges.of(graph.model()).getOrDefault(input, InputRange.ANY);
    return IntStream.range(0, width)
        .mapToObj(
            column ->
                range.column(column).points().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(",")))
        .map(text -> text.isEmpty() ? "-" : text)
        .collect(Collectors.joining(" "));
  }
}
