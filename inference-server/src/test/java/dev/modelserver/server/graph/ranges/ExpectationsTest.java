package dev.modelserver.server.graph.ranges;

import static dev.modelserver.server.graph.ranges.ColumnRange.keys;
import static dev.modelserver.server.graph.ranges.ColumnRange.points;
import static dev.modelserver.server.graph.ranges.ColumnRange.wholeNumbers;
import static dev.modelserver.server.graph.ranges.ColumnRange.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.independence.TestGraph;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes tell of an input that is theirs. */
class ExpectationsTest {

  @ParameterizedTest
  @CsvSource({"0,29", "1,7", "-1,7", "-2,29"})
  void indicesIntoATable(int axis, long last) {
    TestGraph graph =
        x("?x2").weights("table", "30x8").node("Gather", "table x", "y", "axis=" + axis);

    assertThat(columns(graph, 2)).containsOnly(wholeNumbers(0, last));
  }

  @Test
  void indicesIntoAValueThatIsComputed() {
    TestGraph graph = x("?x1").input("table", "9x8").node("Gather", "table x", "y");

    assertThat(columns(graph, 1)).containsExactly(ColumnRange.ANY);
  }

  @Test
  void indicesIntoTwoTablesFitBoth() {
    TestGraph graph =
        x("?x1")
            .weights("large", "30x8")
            .weights("small", "5x8")
            .node("Gather", "small x", "a")
            .node("Gather", "large x", "b");

    assertThat(columns(graph, 1)).containsExactly(wholeNumbers(0, 4));
  }

  @Test
  void tokensAndSegmentsOfAFusedEmbedding() {
    TestGraph graph =
        x("?x1")
            .input("segment", "?x1")
            .weights("tokens", "100x8")
            .weights("places", "16x8")
            .weights("segments", "2x8")
            .node("com.microsoft:EmbedLayerNormalization", "x segment tokens places segments", "y");

    assertThat(columns(graph, 1)).containsExactly(wholeNumbers(0, 99));
    assertThat(InputRanges.of(graph.model()).getOrDefault("segment", InputRange.ANY).column(0))
        .isEqualTo(wholeNumbers(0, 1));
  }

  @Test
  void oneHotOfADepth() {
    assertThat(columns(x("?x2").integers("depth", 6).node("OneHot", "x depth", "y"), 2))
        .containsOnly(wholeNumbers(0, 5));
    assertThat(columns(x("?").integers("values", 3, 4).node("OneHot", "values x", "y"), 1))
        .containsExactly(wholeNumbers(1, 1));
  }

  /** Of what makes something large, or takes many turns, there is one. */
  @ParameterizedTest
  @CsvSource({
    "Range,- x",
    "ConstantOfShape,x",
    "Expand,- x",
    "Tile,- x",
    "Reshape,- x",
    "TopK,- x",
    "Loop,x",
    "Resize,- - - x",
    "Upsample,- x",
    "GRU,- - - - x",
    "ReverseSequence,- x"
  })
  void sizesAreOne(String operator, String inputs) {
    assertThat(columns(x("?").node(operator, inputs, "y"), 1)).containsExactly(wholeNumbers(1, 1));
  }

  @Test
  void whatIsQuantized() {
    TestGraph unsigned = x("?x1").floats("scale", 0.5).integers("zero", 128);
    TestGraph signed =
        x("?x1")
            .floats("scale", 0.5)
            .constant("zero", new Constant(Constant.INT8, List.of(), List.of(-28L), null, null));
    TestGraph many = x("?x1").floats("scale", 0.5, 0.25);

    assertThat(columns(unsigned.node("QuantizeLinear", "x scale zero", "y"), 1))
        .containsExactly(points(List.of(-64.0, 63.5)));
    assertThat(columns(signed.node("QuantizeLinear", "x scale zero", "y"), 1))
        .containsExactly(points(List.of(-50.0, 77.5)));
    assertThat(columns(many.node("QuantizeLinear", "x scale", "y"), 1))
        .containsExactly(ColumnRange.ANY);
  }

  @ParameterizedTest
  @CsvSource({
    "Less,x c",
    "Less,c x",
    "Greater,x c",
    "Equal,x c",
    "LessOrEqual,c x",
    "GreaterOrEqual,x c",
    "Sub,x c",
    "Div,x c",
    "Clip,x c",
    "Clip,x - c"
  })
  void constantsThatItMeets(String operator, String inputs) {
    assertThat(columns(x("?x1").floats("c", 2.5, 7).node(operator, inputs, "y"), 1))
        .containsExactly(points(List.of(2.5, 7.0)));
    assertThat(columns(x("?x1").integers("c", 3).node(operator, inputs, "y"), 1))
        .containsExactly(points(List.of(3.0)));
  }

  @Test
  void vocabularies() {
    assertThat(columns(x("?x1").node("TfIdfVectorizer", "x", "y", "pool_strings=[a,good]"), 1))
        .containsExactly(words(List.of("a", "good")));
    assertThat(columns(x("?x1").node("TfIdfVectorizer", "x", "y", "pool_int64s=[7,9]"), 1))
        .containsExactly(keys(List.of(7L, 9L)));
  }

  static TestGraph x(String shape) {
    return TestGraph.graph().input("x", shape);
  }

  static List<ColumnRange> columns(TestGraph graph, int width) {
    InputRange range = InputRanges.of(graph.model()).getOrDefault("x", InputRange.ANY);
    return IntStream.range(0, width).mapToObj(range::column).toList();
  }
}
