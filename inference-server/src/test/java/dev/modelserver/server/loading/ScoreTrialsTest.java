package dev.modelserver.server.loading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.OutputSource;
import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.TensorBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scores of trial rows are taken for. */
class ScoreTrialsTest {

  /** The first scores of each row; the second are what is missing to 1, except for one row. */
  @ParameterizedTest
  @CsvSource({
    "0.2 0.5 0.9 1.0 0.0, 0, CLASSIFIER, PROBABILITIES",
    "0.2 0.5 0.9 1.0 0.0, 0, SOFTMAX, PROBABILITIES",
    "0.2 0.5 0.9 1.0 0.0, 0.0003, CLASSIFIER, SCORES",
    "0.2 0.5 0.9 1.0 0.0, 0.0003, SIGMOID, INDEPENDENT_PROBABILITIES",
    "0.2 0.5 0.9 1.0 0.0, 0.0003, SOFTMAX, PROBABILITIES",
    "0.2 0.5 0.9, 0.0003, SOFTMAX, SCORES",
    "0.2 0.5 0.9 1.0 -0.1, 0, SOFTMAX, SCORES",
  })
  void areProbabilitiesWhereTheySumUp(
      String firsts, double missing, OutputSource.Kind source, ScoreKind expected) {
    double[] first =
        Arrays.stream(firsts.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    double[] scores =
        DoubleStream.of(first)
            .flatMap(score -> DoubleStream.of(score, 1 - score - (score == 0.2 ? missing : 0)))
            .toArray();

    ScoreTrials trials = new ScoreTrials(List.of(run(first.length, scores)), null, "scores");

    assertThat(trials.kind(source)).isEqualTo(expected);
  }

  /** Rows whose scores are highest at these positions, with labels. */
  @ParameterizedTest
  @CsvSource({
    "0 1 0 1, 0 1 0 1, true, true, true",
    "1 1 1 1, 1 1 1 1, true, false, false",
    "0 0 0 0, 0 0 0 0, true, false, true",
    "0 1 0 1, 1 2 1 2, false, true, false",
  })
  void labelsArePositionsWhereSeveralSaySo(
      String best, String labels, boolean positions, boolean vary, boolean beside) {
    double[] scores =
        Arrays.stream(best.split(" ", -1))
            .flatMapToDouble(
                each -> each.equals("0") ? DoubleStream.of(0.9, 0.1) : DoubleStream.of(0.1, 0.9))
            .toArray();
    TensorBuilder builder = new TensorBuilder(DataType.INT64);
    for (String label : labels.split(" ", -1)) {
      assertThat(builder.addLong(Long.parseLong(label))).isTrue();
    }
    RunOutputs scored = run(4, scores).outputs();
    TrialRun run =
        new TrialRun(
            4,
            new RunOutputs(
                Map.of(
                    "scores",
                    Objects.requireNonNull(scored.tensors().get("scores")),
                    "label",
                    builder.build(Shape.of(4))),
                new RunTimes(0, 0, 0)));

    ScoreTrials trials = new ScoreTrials(List.of(run), "label", "scores");

    assertThat(trials.labelIsBest()).isEqualTo(positions);
    assertThat(trials.labelsVary()).isEqualTo(vary);
    ClassNames oneAndTwo = ClassNames.of(List.of(1L, 2L), List.of("1", "2"));
    assertThat(trials.hasLabelBeside(oneAndTwo)).isEqualTo(beside);
  }

  @Test
  void naiveBayesIsSoftmaxSpelledOut() {
    ModelGraph bayes = ModelGraph.of(TestModels.file("meaning/scores-bayes")).orElseThrow();

    assertThat(OutputSource.of(bayes))
        .containsEntry("probabilities", new OutputSource(OutputSource.Kind.SOFTMAX, null));
  }

  private static TrialRun run(int rows, double... scores) {
    TensorBuilder builder = new TensorBuilder(DataType.FP32);
    for (double score : scores) {
      assertThat(builder.addDouble(score)).isTrue();
    }
    var tensor = builder.build(Shape.of(rows, scores.length / rows));
    return new TrialRun(rows, new RunOutputs(Map.of("scores", tensor), new RunTimes(0, 0, 0)));
  }
}
