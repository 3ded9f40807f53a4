package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.division.DivisionGuards;
import dev.modelserver.server.onnx.ModelRunException.Kind;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * On models that divide in every place a graph has. Without a guard these tests end the process.
 */
class DivisionGuardsTest {

  static List<String> models() {
    return ExpectedAnswers.models().stream().filter(name -> name.startsWith("division")).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersOtherRequestsAsWithoutThem(String name) throws Exception {
    OnnxModel guarded = OnnxModel.load(TestModels.file(name));
    OnnxModel unchanged = OnnxModel.loadUnchanged(TestModels.file(name));
    ExpectedAnswers expected = ExpectedAnswers.of(name);
    for (ExpectedAnswers.Case each : expected.cases()) {
      expected.check(each, run(guarded, each.inputs()));
      expected.check(each, run(unchanged, each.inputs()));
    }
    assertThat(guarded.unguardedDivisions()).isEmpty();
    close(guarded, unchanged);
  }

  @ParameterizedTest
  @CsvSource({
    "division-int32, Div node \"/model/Div\"",
    "division-int64, Div node \"/model/Div\"",
    "division-mod-int32, Mod node \"/model/Mod\"",
    "division-mod-int64, Mod node \"/model/Mod\"",
    "division-opset-11, Div node \"/model/Div\"",
    "division-constant-minus, Div node \"/model/Div\"",
    "division-inferred, Div node \"/model/Div\"",
    "division-if, Div node \"/a/Div\"",
    "division-loop, Div node \"/body/Div\"",
    "division-scan, Div node \"/step/Div\"",
    "division-function, Div node \"/inner/Div\"",
    "division-nested-function, Div node \"/inner/Div\"",
    "division-any-function, Div node \"/inner/Div\"",
  })
  void refusesTheDivisionThatHasNoResult(String name, String node) throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    DataType type = model.signature(List.of()).inputs().getFirst().datatype();
    long least = type == DataType.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
    ExpectedAnswers expected = ExpectedAnswers.of(name);
    Map<String, Tensor> inputs = new HashMap<>(expected.cases().getFirst().inputs());
    inputs.put("x", numbers(type, 5, least, 6, least));
    inputs.computeIfPresent("d", (same, _) -> numbers(type, 2, -1, 3, 4));

    assertThatThrownBy(() -> run(model, inputs))
        .isInstanceOfSatisfying(
            ModelRunException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
        .hasMessage(
            "the %s would divide the smallest integer of its type by -1, which has no result; send other values"
                .formatted(node));
    expected.check(expected.cases().getFirst(), run(model, expected.cases().getFirst().inputs()));
    close(model);
  }

  @ParameterizedTest
  @CsvSource({
    "division-int64, 1",
    "division-if, 2",
    "division-constant, 0",
    "division-constant-minus, 1",
    // sizes are no negative numbers
    "division-sizes, 0",
    "divide, 0",
    "softmax, 0",
    "image-nchw, 0",
  })
  void guardsOnlyWhatNeedsIt(String name, int guards) {
    ModelGraph graph = ModelGraph.of(TestModels.file(name)).orElseThrow();
    assertThat(DivisionGuards.of(graph, true).guarded()).hasSize(guards);
  }

  private static Tensor numbers(DataType type, long... values) {
    TensorBuilder builder = new TensorBuilder(type);
    for (long value : values) {
      assertThat(builder.addLong(value)).isTrue();
    }
    return builder.build(Shape.of(2, 2));
  }

  private static Map<String, Tensor> run(OnnxModel model, Map<String, Tensor> inputs)
      throws ModelRunException {
    return model.run(inputs, List.of(), new RunControl()).tensors();
  }

  private static void close(OnnxModel... models) {
    for (OnnxModel model : models) {
      assertThat(model.close(Duration.ofSeconds(1))).isTrue();
    }
  }
}
