package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model without its ZipMaps answers what it answers with them. */
class ZipMapBypassTest {

  static List<String> models() {
    return ExpectedAnswers.models().stream().filter(name -> name.contains("zipmap")).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersTheSameWithAndWithout(String name) throws Exception {
    Path file = TestModels.file(name);
    byte[] before = Files.readAllBytes(file);
    OnnxModel bypassed = OnnxModel.load(file);
    OnnxModel walked = OnnxModel.loadUnchanged(file);
    List<RunOutputs> runs = new ArrayList<>();
    for (ExpectedAnswers.Case each : ExpectedAnswers.of(name).cases()) {
      RunOutputs with = walked.run(each.inputs(), List.of(), new RunControl());
      // not within a tolerance: bit for bit
      assertThat(run(bypassed, each.inputs())).isEqualTo(with.tensors());
      runs.add(with);
    }
    OnnxModel seen = bypassed.observed(runs);
    assertThat(seen.labels()).isPresent().isEqualTo(walked.observed(runs).labels());
    assertThat(seen.signature(List.of())).isEqualTo(walked.observed(runs).signature(List.of()));
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    close(bypassed, walked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sklearn-zipmap",
        "sklearn-zipmap-strings",
        "sklearn-zipmap-gaps",
        "sklearn-zipmap-columns",
        "lightgbm-zipmap",
        "lightgbm-zipmap-binary",
        "xgboost-zipmap",
        "xgboost-zipmap-binary",
        "zipmap-unsorted",
        "zipmap-unsorted-strings",
        "zipmap-beside-tensor",
        "zipmap-of-input",
        "zipmap-two",
        "zipmap-ml-only",
        "zipmap-vector",
        "zipmap-width",
        "zipmap-external"
      })
  void loadsWithoutThem(String name) throws Exception {
    Path file = TestModels.file(name);
    LoadedSession loaded =
        LoadedSession.of(file, ModelGraph.of(file).orElseThrow(), SessionSettings.DEFAULT);
    try (var session = loaded.session()) {
      assertThat(session.getOutputInfo().values().toString()).doesNotContain("MapInfo");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zipmap-function", "zipmap-duplicate", "linear", "sequence"})
  void leavesOthersAsTheyAre(String name) throws Exception {
    Path file = TestModels.file(name);
    assertThat(ZipMapBypass.of(ModelGraph.of(file).orElseThrow()).isEmpty()).isTrue();
    close(OnnxModel.load(file));
  }

  @Test
  void keepsNumbersAndLabelsTogether() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("zipmap-unsorted"));
    assertThat(model.labels().orElseThrow().keys()).containsExactly(20L, -1L, 3L);
    assertThat(model.signature(List.of()).outputs()).hasToString("[scores FP32[?,3]]");
    close(model);
  }

  @Test
  void twoHaveLabelsOfTheirOwn() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("zipmap-two"));
    assertThat(model.labels().orElseThrow().names()).containsExactly("a", "b", "c");
    close(model);
  }

  @Test
  void labelsTheFileDoesNotTellAreLearnedFromAnAnswer() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("zipmap-function"));
    assertThat(model.labels()).isEmpty();
    assertThat(model.signature(List.of()).outputs()).hasToString("[scores FP32[?,?]]");
    RunOutputs run =
        model.run(
            Map.of("x", NumericTensor.allocate(DataType.FP32, Shape.of(1, 3))),
            List.of(),
            new RunControl());
    OnnxModel seen = model.observed(List.of(run));
    assertThat(seen.labels().orElseThrow().keys()).containsExactly(0L, 1L, 2L);
    assertThat(seen.signature(List.of()).outputs()).hasToString("[scores FP32[?,3]]");
    close(model);
  }

  @Test
  void refusesNumbersWithoutLabels() throws Exception {
    Map<String, Tensor> wide = Map.of("x", NumericTensor.allocate(DataType.FP32, Shape.of(2, 4)));
    OnnxModel model = OnnxModel.load(TestModels.file("zipmap-width"));
    assertThatThrownBy(() -> run(model, wide))
        .isInstanceOf(ModelRunException.class)
        .hasMessageContaining("\"scores\"")
        .hasMessageContaining("[2,4]")
        .hasMessageContaining("3 labels");
    OnnxModel walked = OnnxModel.loadUnchanged(TestModels.file("zipmap-width"));
    assertThatThrownBy(() -> run(walked, wide)).isInstanceOf(ModelRunException.class);
    close(model, walked);
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
