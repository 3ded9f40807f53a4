package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.loading.WarmModel;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** On the models of src/test/models, each with the answers that are right. */
class OnnxModelTest {

  static List<String> models() {
    return ExpectedAnswers.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersAsExpected(String name) throws Exception {
    ExpectedAnswers expected = ExpectedAnswers.of(name);
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    List<RunOutputs> runs = new ArrayList<>();
    for (ExpectedAnswers.Case each : expected.cases()) {
      RunOutputs run = model.run(each.inputs(), List.of(), new RunControl());
      expected.check(each, run.tensors());
      runs.add(run);
    }
    if (!expected.classes().isEmpty()) {
      assertThat(model.observed(runs).labels().orElseThrow().names()).isEqualTo(expected.classes());
    }
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void givesOnlyWhatIsWanted() throws Exception {
    ExpectedAnswers expected = ExpectedAnswers.of("several");
    OnnxModel model = OnnxModel.load(TestModels.file("several"));
    ExpectedAnswers.Case rows = expected.cases().getFirst();

    Map<String, Tensor> some =
        model.run(rows.inputs(), List.of("third", "first"), new RunControl()).tensors();
    Map<String, Tensor> wanted = new HashMap<>(rows.outputs());
    wanted.keySet().retainAll(List.of("first", "third"));
    assertThat(some).isEqualTo(wanted);
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void namesBeyondTheBasicPlaneAreTheFilesOwn() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("emoji-names"));
    NumericTensor x = NumericTensor.allocate(DataType.FP32, Shape.of(1, 2));
    x.data().putFloat(0, 1).putFloat(4, 1);

    RunOutputs outputs = model.run(Map.of("😀 x", x), List.of(), new RunControl());

    assertThat(model.signature(List.of()).inputs()).hasToString("[😀 x FP32[?,2]]");
    NumericTensor y = NumericTensor.allocate(DataType.FP32, Shape.of(1, 2));
    y.data().putFloat(0, 4).putFloat(4, 6);
    NumericTensor total = NumericTensor.allocate(DataType.FP32, Shape.of(1, 1));
    total.data().putFloat(0, 2);
    assertThat(outputs.tensors()).isEqualTo(Map.of("𠮷 y", y, "total 🌧", total));
    assertThat(model.run(Map.of("😀 x", x), List.of("𠮷 y"), new RunControl()).tensors())
        .containsOnlyKeys("𠮷 y");
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void sequencesOfDifferentShapesAreSeveralTensors() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("sequence"));
    Map<String, Tensor> inputs =
        Map.of(
            "a", NumericTensor.allocate(DataType.FP32, Shape.of(1, 2)),
            "b", NumericTensor.allocate(DataType.FP32, Shape.of(3, 2)));

    RunOutputs outputs = model.run(inputs, List.of("both"), new RunControl());

    assertThat(outputs.tensors().keySet()).containsExactly("both.0", "both.1");
    assertThat(outputs.tensors().get("both.1")).isEqualTo(inputs.get("b"));
    assertThat(outputs.names(List.of("both"))).containsExactly("both.0", "both.1");
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sequence | [a FP32[?,2], b FP32[?,2]] | [both FP32[?,?,2]]",
        "sequence-types | [u UINT64[?], s BYTES[?]] | [numbers UINT64 of any shape, words BYTES of any shape, nothing UINT16 of any shape]",
        "any-rank | [x FP32 of any shape] | [y FP32 of any shape]",
        "audio-state | [audio FP32[1,16000], state FP32[2,1,64]] | [speech FP32[1,1], next FP32[2,1,64]]",
        "rank-0 | [x FP32[], word BYTES[]] | [twice FP32[], same BYTES[]]",
        "type-uint32 | [x UINT32[?,2]] | [y UINT32[?,2], number FP64[?,2]]",
        "optional-input | [x FP32[?,2]] | [y FP32[?,2]]",
        "lightgbm-zipmap | [input FP32[?,13]] | [label INT64[1], probabilities FP32[?,3]]",
      })
  void declares(String name, String inputs, String outputs) throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    Signature signature = model.signature(List.of());

    assertThat(signature.inputs()).hasToString(inputs);
    assertThat(signature.outputs()).hasToString(outputs);
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // this exporter declares one label, whatever the number of rows
        "lightgbm-zipmap | [label INT64[?], probabilities FP32[?,3]]",
        "fixed-batch | [y FP32[1,2]]",
        "several | [first FP32[?,1], second INT64[?,1], third BYTES[?,1], fourth FP32[?,2]]",
        "any-rank | [y FP32 of any shape]",
      })
  void declaresWhatARunHasShown(String name, String outputs) throws Exception {
    WarmModel warm = WarmModel.load(TestModels.file(name), ModelDescription.EMPTY);

    assertThat(warm.coldBecause()).isEmpty();
    assertThat(warm.signature().outputs()).hasToString(outputs);
    assertThat(warm.model().close(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void inputsWithADefaultMayBeSentWhereTheFormatAllowsIt() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("optional-input"));
    OnnxModel old = OnnxModel.load(TestModels.file("optional-input-ir3"));

    assertThat(model.signature(List.of()).optionalInputs()).hasToString("[factor FP32[]]");
    // there every weight is an input, and none can be sent
    assertThat(old.signature(List.of()).optionalInputs()).isEmpty();
    Map<String, Tensor> wrong =
        new HashMap<>(ExpectedAnswers.of("optional-input").cases().getLast().inputs());
    wrong.put("factor", NumericTensor.allocate(DataType.INT64, Shape.of()));
    assertThatThrownBy(() -> model.run(wrong, List.of(), new RunControl()))
        .isInstanceOf(ModelRunException.class);
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
    assertThat(old.close(Duration.ofSeconds(1))).isTrue();
  }
}
