package dev.modelserver.server.graph.independence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.graph.independence.RowIndependence.OutputRows;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chains of nodes as exporters write them. */
class RowIndependenceTest {

  private static final OutputRows FIRST_AXIS = new OutputRows.Along(0, true);

  @Test
  void namesTheNodeAndTheReason() {
    RowIndependence proof =
        TestGraph.graph()
            .input("x", "?x4")
            .node("Relu", "x", "a")
            .node("DynamicQuantizeLinear", "a", "q s z")
            .node("Relu", "q", "y")
            .proof();

    assertThat(proof.proved()).isFalse();
    assertThat(proof.whyNot())
        .contains(
            "node 'dynamicquantizelinear1' (DynamicQuantizeLinear) computes its scale over all"
                + " rows");
  }

  @Test
  void valuesThatReachNoOutputDoNotMatter() {
    RowIndependence proof =
        TestGraph.graph()
            .input("x", "?x4")
            .node("ReduceMax", "x", "unused")
            .node("Relu", "x", "y")
            .proof();

    assertThat(proof.whyNot()).isEmpty();
  }

  @Test
  void everyOutputMustKeepItsRows() {
    RowIndependence proof =
        TestGraph.graph()
            .input("x", "?x4")
            .node("Relu", "x", "y")
            .node("ReduceMax", "x", "most", "axes=[0]")
            .output("y", "most")
            .proof();

    assertThat(proof.whyNot()).get().asString().contains("(ReduceMax) computes over all rows");
    assertThat(proof.outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?x4     | Log        | true",
        "?x4     | Softplus   | true",
        "?x4     | Exp        | false",
        "?x4     | LogSoftmax | false",
        "?x4 x11 | LogSoftmax | true",
        "?x4 x10 | Softmax    | true",
        "?x4 x11 | Relu       | false",
        "3x4     | Log        | false",
      })
  void someOperatorsRoundAValueByItsPlace(String input, String operator, boolean rounds) {
    String[] shape = input.split(" x", -1);
    TestGraph graph = TestGraph.graph().input("x", shape[0].startsWith("?") ? shape[0] : "?x4");
    String last = "x";
    if (!shape[0].startsWith("?")) {
      graph.weights("w", shape[0]);
      last = "w";
    }
    if (shape.length > 1) {
      graph.node("Cast", last, "cast", "to=" + shape[1]);
      last = "cast";
    }
    graph.node(operator, last, "f").node("Add", "x f", "y");

    assertThat(graph.proof().rounding().isPresent()).isEqualTo(rounds);
  }

  @Test
  void namesTheNodeThatRoundsByPlace() {
    RowIndependence proof =
        TestGraph.graph().input("x", "?x4").node("Relu", "x", "a").node("Log", "a", "y").proof();

    assertThat(proof.rounding())
        .contains("node 'log1' (Log) rounds a value by its place in the tensor");
  }

  @ParameterizedTest
  @CsvSource({
    "ReduceSum, ?x5, axes=[1], true",
    "ReduceMean, ?x7x3, axes=[2], true",
    "ReduceMean, ?x4x3, axes=[2], false",
    "ReduceMean, ?x8, axes=[1], false",
    "ReduceMean, ?x2, axes=[1], false",
    "ReduceMean, ?x?, axes=[1], true",
    "ReduceMax, ?x5, axes=[1], false",
    "ReduceSumSquare, ?x5, axes=[1], false",
    "MeanVarianceNormalization, ?x3x7, axes=[2], true",
    "MeanVarianceNormalization, ?x4x7, axes=[2], false",
  })
  void sumsDependOnWhereARowBegins(String operator, String shape, String axes, boolean depends) {
    RowIndependence proof =
        TestGraph.graph().opset(11).input("x", shape).node(operator, "x", "y", axes).proof();

    assertThat(proof.whyNot()).isEmpty();
    assertThat(proof.rounding().isPresent()).isEqualTo(depends);
  }

  @Test
  void inputsWithoutAFreeNumberOfRows() {
    assertThat(TestGraph.graph().input("x", "1x4").node("Relu", "x", "y").proof().whyNot())
        .contains("the input 'x' has no free number of rows");
    assertThat(TestGraph.graph().input("x", "").node("Relu", "x", "y").proof().whyNot())
        .contains("the input 'x' has no free number of rows");
  }

  /** view(x.size(0), -1), as TorchScript exports it. */
  @Test
  void aShapeComputedFromTheNumberOfRows() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x3x4")
            .node("Shape", "x", "shape")
            .scalar("zero", 0)
            .node("Gather", "shape zero", "rows")
            .integers("first", 0)
            .node("Unsqueeze", "rows first", "rows1")
            .integers("rest", -1)
            .node("Concat", "rows1 rest", "target", "axis=0")
            .node("Reshape", "x target", "y");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
  }

  /** The same with the size of another axis: rows would be cut. */
  @Test
  void aShapeComputedFromAnotherAxis() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x3x4")
            .node("Shape", "x", "shape")
            .integers("one", 1)
            .node("Gather", "shape one", "size")
            .integers("rest", -1)
            .node("Concat", "rest size", "target", "axis=0")
            .node("Reshape", "x target", "y");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", new OutputRows.Along(0, false)));
  }

  /** expand(x.size(0), -1, -1) of a class token, with the Where that PyTorch writes. */
  @Test
  void aConstantForEachRow() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x3x4")
            .weights("token", "1x1x4")
            .node("Shape", "x", "shape")
            .integers("zero", 0)
            .node("Gather", "shape zero", "rows")
            .integers("kept", -1, -1)
            .node("Concat", "rows kept", "target", "axis=0")
            .node("Shape", "target", "rank")
            .node("ConstantOfShape", "rank", "zeros")
            .integers("minus", -1)
            .integers("one", 1)
            .node("Add", "zeros one", "ones")
            .node("Mul", "ones minus", "minuses")
            .node("Equal", "target minuses", "free")
            .node("Where", "free ones target", "wanted")
            .node("Expand", "token wanted", "tokens")
            .node("Concat", "tokens x", "y", "axis=1");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
  }

  /** nn.MultiheadAttention merges [steps, rows] into one axis and takes it apart again. */
  @Test
  void rowsInRounds() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x5x8")
            .node("Transpose", "x", "t", "perm=[1,0,2]")
            .integers("flat", -1, 8)
            .node("Reshape", "t flat", "f")
            .weights("w", "8x8")
            .node("MatMul", "f w", "m")
            .integers("steps", 5, -1, 8)
            .node("Reshape", "m steps", "s")
            .node("Transpose", "s", "y", "perm=[1,0,2]");
    TestGraph ends =
        TestGraph.graph()
            .input("x", "?x5x8")
            .node("Transpose", "x", "t", "perm=[1,0,2]")
            .integers("flat", -1, 8)
            .node("Reshape", "t flat", "y");
    TestGraph wrong =
        TestGraph.graph()
            .input("x", "?x5x8")
            .node("Transpose", "x", "t", "perm=[1,0,2]")
            .integers("flat", -1, 8)
            .node("Reshape", "t flat", "f")
            .integers("rows", -1, 5, 8)
            .node("Reshape", "f rows", "y");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
    assertThat(ends.proof().whyNot()).get().asString().contains("in several places");
    assertThat(wrong.proof().whyNot()).get().asString().contains("need not be whole rows");
  }

  /** Heads as samples: [rows, heads] as one axis, and back. */
  @Test
  void severalSamplesOfEachRow() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x2x5x4")
            .integers("heads", -1, 5, 4)
            .node("Reshape", "x heads", "q")
            .node("Transpose", "q", "k", "perm=[0,2,1]")
            .node("MatMul", "q k", "scores")
            .node("Softmax", "scores", "p")
            .node("MatMul", "p q", "z")
            .integers("back", -1, 2, 5, 4)
            .node("Reshape", "z back", "y");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
  }

  @Test
  void aStateForEachRow() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x6x4")
            .node("Transpose", "x", "t", "perm=[1,0,2]")
            .node("Shape", "x", "shape")
            .integers("zero", 0)
            .node("Gather", "shape zero", "rows")
            .integers("one", 1)
            .integers("two", 2)
            .node("Concat", "one rows two", "target", "axis=0")
            .node("ConstantOfShape", "target", "state")
            .weights("w", "1x6x4")
            .weights("r", "1x6x2")
            .node("GRU", "t w r - - state", "all last", "hidden_size=2")
            .node("Squeeze", "last zero", "y");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
  }

  @Test
  void theNumberOfRowsAsAValue() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .node("Shape", "x", "shape")
            .scalar("zero", 0)
            .node("Gather", "shape zero", "rows")
            .node("Cast", "rows", "count", "to=1")
            .node("Div", "x count", "y");

    assertThat(graph.proof().whyNot())
        .get()
        .asString()
        .contains("(Div) computes with the number of rows");
  }

  @Test
  void aBranchThatIsDecidedByShapes() {
    Map<String, TestGraph> branches =
        Map.of(
            "then_branch", TestGraph.graph().node("ReduceMax", "x", "a", "keepdims=0"),
            "else_branch", TestGraph.graph().node("Relu", "x", "b"));
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .node("Shape", "x", "shape", "start=1")
            .integers("one", 1)
            .node("Equal", "shape one", "single")
            .node("If", "single", "y", branches);
    TestGraph byRows =
        TestGraph.graph()
            .input("x", "?x4")
            .node("Shape", "x", "shape", "end=1")
            .integers("one", 1)
            .node("Equal", "shape one", "single")
            .node("If", "single", "y", branches);
    TestGraph byValue =
        TestGraph.graph().input("x", "?x4").input("c", "?").node("If", "c", "y", branches);

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
    assertThat(byRows.proof().whyNot()).get().asString().contains("by the number of rows");
    assertThat(byValue.proof().whyNot()).get().asString().contains("by the values of the rows");
  }

  @Test
  void aLoopOfFixedTurns() {
    TestGraph body =
        TestGraph.graph()
            .input("i", "")
            .input("go", "")
            .input("state", "?x4")
            .node("Relu", "state", "next")
            .node("Identity", "go", "on")
            .output("on", "next", "next");
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .scalar("turns", 3)
            .node("Loop", "turns - x", "last all", Map.of("body", body));

    assertThat(graph.proof().outputs())
        .isEqualTo(Map.of("last", FIRST_AXIS, "all", new OutputRows.Along(1, true)));
  }

  @Test
  void aLoopThatEndsByItsValues() {
    TestGraph body =
        TestGraph.graph()
            .input("i", "")
            .input("go", "")
            .input("state", "?x4")
            .node("Relu", "state", "next")
            .node("ReduceMax", "next", "on", "keepdims=0")
            .output("on", "next");
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .scalar("turns", 3)
            .node("Loop", "turns - x", "last", Map.of("body", body));

    assertThat(graph.proof().whyNot()).get().asString().contains("computes over all rows");
  }

  /** A nearest-neighbours model of an older skl2onnx goes over the rows. */
  @Test
  void aScanOverTheRows() {
    TestGraph apart =
        TestGraph.graph()
            .input("known", "9x4")
            .input("row", "4")
            .node("Sub", "known row", "difference")
            .node("ReduceSumSquare", "difference", "distances", "axes=[1]", "keepdims=0")
            .node("Identity", "known", "same")
            .output("same", "distances");
    TestGraph together =
        TestGraph.graph()
            .input("sum", "4")
            .input("row", "4")
            .node("Add", "sum row", "next")
            .output("next", "next");

    assertThat(scan(apart, "9x4").proof().outputs()).containsEntry("all", FIRST_AXIS);
    assertThat(scan(together, "4").proof().whyNot())
        .get()
        .asString()
        .contains("(Scan) goes from row to row");
  }

  private static TestGraph scan(TestGraph body, String state) {
    return TestGraph.graph()
        .input("x", "?x4")
        .weights("first", state)
        .scan("first x", "last all", body, 1)
        .output("all");
  }

  @Test
  void aFunctionStandsForItsNodes() {
    TestGraph body = TestGraph.graph().node("Relu", "a", "r").node("ReduceMax", "r", "b");
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .function("Own", "a", "b", body)
            .node("local:Own", "x", "y");

    assertThat(graph.proof().whyNot())
        .get()
        .asString()
        .contains("'reducemax1' (ReduceMax) computes over all rows");
  }

  /** A label as the index of the largest score, as skl2onnx writes it. */
  @Test
  void aLabelPickedFromAList() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .node("ArgMax", "x", "best", "axis=1")
            .integers("labels", 3, 5, 7, 9)
            .node("ai.onnx.ml:ArrayFeatureExtractor", "labels best", "label")
            .integers("flat", -1)
            .node("Reshape", "label flat", "y");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS));
  }

  @Test
  void anOutputThatIsAnInput() {
    TestGraph graph =
        TestGraph.graph()
            .input("x", "?x4")
            .input("id", "?")
            .node("Relu", "x", "y")
            .output("y", "id");

    assertThat(graph.proof().outputs()).isEqualTo(Map.of("y", FIRST_AXIS, "id", FIRST_AXIS));
  }

  @Test
  void softmaxOfAnOldOpsetTakesAllAxesFromOneOn() {
    assertThat(softmax(12, 1).whyNot()).isEmpty();
    assertThat(softmax(12, 0).whyNot()).get().asString().contains("computes over all rows");
    assertThat(softmax(12, -2).whyNot()).get().asString().contains("computes over all rows");
  }

  private static RowIndependence softmax(long opset, int axis) {
    return TestGraph.graph()
        .opset(opset)
        .input("x", "?x4")
        .node("Softmax", "x", "y", "axis=" + axis)
        .proof();
  }
}
