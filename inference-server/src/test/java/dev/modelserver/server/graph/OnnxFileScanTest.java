package dev.modelserver.server.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that ask for too much are refused before ONNX Runtime sees them; each limit is met exactly.
 */
class OnnxFileScanTest {

  private static final ByteString EMPTY = ByteString.EMPTY;

  static List<String> models() {
    return ExpectedAnswers.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void letsOrdinaryModelsIn(String name) throws Exception {
    OnnxFileScan scan = OnnxFileScan.of(TestModels.file(name));

    assertThat(scan.operators()).isNotEmpty();
  }

  @Test
  void nodes() throws Exception {
    ByteString node = Fields.of().text(4, "Neg").bytes();
    Fields graph = Fields.of();
    for (int i = 0; i < ModelLimits.MAX_NODES; i++) {
      graph.message(1, node);
    }
    assertThat(scan(model(graph)).operators()).containsExactly("Neg");
    refuses(model(graph.message(1, node)), "more than 200000 nodes");
  }

  @Test
  void nodesOfFunctionsThatCallEachOtherTwice() throws Exception {
    // 2 to the power of the number of functions: 131,072 and 262,144 nodes
    assertThat(scan(doubling(17)).operators()).contains("F0", "Neg");
    refuses(doubling(18), "more than 200000 nodes");
  }

  @Test
  void functionsThatCallThemselves() {
    Fields graph = Fields.of().message(1, call("local", "F"));
    refuses(
        model(graph).message(25, function("F", call("local", "F"))),
        "a function of the model calls itself");
  }

  @Test
  void functionsThatCallFunctions() throws Exception {
    assertThat(scan(chained(ModelLimits.MAX_CALL_DEPTH - 1)).operators()).contains("Neg");
    refuses(chained(ModelLimits.MAX_CALL_DEPTH), "call each other for more than 100 levels");
  }

  @Test
  void functions() {
    Fields model = model(Fields.of());
    for (int i = 0; i <= ModelLimits.MAX_FUNCTIONS; i++) {
      model.message(25, function("F" + i, call("", "Neg")));
    }
    refuses(model, "more than 10000 functions");
  }

  @Test
  void operators() {
    Fields graph = Fields.of();
    for (int i = 0; i <= ModelLimits.MAX_OPERATORS; i++) {
      graph.message(1, call("", "O" + i));
    }
    refuses(model(graph), "more than 10000 kinds of operator");
  }

  @Test
  void graphsInGraphs() throws Exception {
    assertThat(scan(model(nested(ModelLimits.MAX_NESTING))).operators()).containsExactly("If");
    refuses(model(nested(ModelLimits.MAX_NESTING + 1)), "more than 16 levels");
  }

  @Test
  void inputsAndOutputs() throws Exception {
    for (int field : new int[] {11, 12}) {
      Fields graph = Fields.of();
      for (int i = 0; i < ModelLimits.MAX_PORTS; i++) {
        graph.message(field, Fields.of().text(1, "v" + i).bytes());
      }
      assertThat(scan(model(graph)).externalLocations()).isEmpty();
      refuses(
          model(graph.message(field, EMPTY)),
          field == 11 ? "more than 10000 inputs" : "more than 10000 outputs");
    }
  }

  @Test
  void sizesOfTensors() throws Exception {
    // 2^30 numbers of 64 bits eight times: 64 GiB
    ByteString large = Fields.of().number(1, 1 << 15).number(1, 1 << 15).number(2, 7).bytes();
    Fields graph = Fields.of();
    for (int i = 0; i < 8; i++) {
      graph.message(5, large);
    }
    assertThat(scan(model(graph)).externalLocations()).isEmpty();
    refuses(model(graph.message(5, Fields.of().number(1, 1).number(2, 7).bytes())), "64 GiB");
  }

  @Test
  void sizesOfTensorsThatOverflow() {
    ByteString wide = Fields.of().number(1, 1L << 40).number(1, 1L << 40).number(2, 1).bytes();
    refuses(model(Fields.of().message(5, wide)), "64 GiB");
    ByteString negative = Fields.of().number(1, -3).number(2, 1).bytes();
    refuses(model(Fields.of().message(5, negative)), "has the size -3");
  }

  @Test
  void sparseTensorsCountAsTheirDenseForm() {
    ByteString sparse = Fields.of().number(3, 1L << 36).bytes();
    refuses(model(Fields.of().message(15, sparse)), "64 GiB");
  }

  @Test
  void aTensorOfNoElementsNeedsNoMemory() throws Exception {
    ByteString none = Fields.of().number(1, 1L << 40).number(1, 1L << 40).number(1, 0).bytes();
    assertThat(scan(model(Fields.of().message(5, none))).externalLocations()).isEmpty();
  }

  @Test
  void longNames() {
    refuses(model(Fields.of().message(1, call("", "x".repeat(5000)))), "name of more than 4096");
  }

  private static Fields model(Fields graph) {
    return Fields.of().message(7, graph.bytes());
  }

  private static ByteString call(String domain, String operator) {
    return Fields.of().text(4, operator).text(7, domain).bytes();
  }

  private static ByteString function(String name, ByteString... nodes) {
    Fields function = Fields.of().text(1, name);
    for (ByteString node : nodes) {
      function.message(7, node);
    }
    return function.text(10, "local").bytes();
  }

  private static Fields doubling(int functions) {
    Fields model = model(Fields.of().message(1, call("local", "F" + (functions - 1))));
    for (int i = 0; i < functions; i++) {
      ByteString inner = i == 0 ? call("", "Neg") : call("local", "F" + (i - 1));
      model.message(25, function("F" + i, inner, inner));
    }
    return model;
  }

  private static Fields chained(int functions) {
    Fields model = model(Fields.of().message(1, call("local", "F" + (functions - 1))));
    for (int i = 0; i < functions; i++) {
      ByteString inner = i == 0 ? call("", "Neg") : call("local", "F" + (i - 1));
      model.message(25, function("F" + i, inner));
    }
    return model;
  }

  private static Fields nested(int levels) {
    if (levels == 0) {
      return Fields.of();
    }
    ByteString attribute = Fields.of().message(6, nested(levels - 1).bytes()).bytes();
    return Fields.of().message(1, Fields.of().text(4, "If").message(5, attribute).bytes());
  }

  private static OnnxFileScan scan(Fields model) throws ModelLoadException, IOException {
    return OnnxFileScan.of(model.bytes().newInput());
  }

  private static void refuses(Fields model, String words) {
    assertThatThrownBy(() -> scan(model))
        .isInstanceOfSatisfying(
            ModelLoadException.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(ModelLoadException.Kind.INVALID))
        .hasMessageContaining(words);
  }
}
