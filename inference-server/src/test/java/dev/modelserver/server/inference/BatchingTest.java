package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.independence.RowIndependence;
import dev.modelserver.server.inference.Batching.Mode;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever shares a run gets the answer of a run alone. */
class BatchingTest {

  private static final int REQUESTS = 100;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sklearn-zipmap",
        "sklearn-zipmap-strings",
        "lightgbm-zipmap",
        "softmax",
        "linear",
        "output-is-number-input"
      })
  void answersEachAsIfAloneOnTheEventLoop(String name) throws Exception {
    try (Served served = new Served(name, new Batching(Mode.EVENT_LOOP, 16, Duration.ZERO, ""))) {
      Deque<Runnable> turn = new ArrayDeque<>();
      List<CompletableFuture<RunOutputs>> answers = new ArrayList<>();
      for (Map<String, Tensor> row : served.rows) {
        answers.add(served.service.infer(InferenceRequest.of(row), turn::add, System.nanoTime()));
      }
      while (!turn.isEmpty()) {
        turn.remove().run();
      }

      served.checkAll(answers);
      assertThat(served.service.statistics().executions()).isEqualTo(REQUESTS / 16 + 1);
      assertThat(served.service.statistics().inferences()).isEqualTo(REQUESTS);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sklearn-zipmap",
        "sklearn-zipmap-strings",
        "xgboost-zipmap",
        "softmax",
        "output-is-number-input"
      })
  void answersEachAsIfAloneInTheQueue(String name) throws Exception {
    try (Served served = new Served(name, new Batching(Mode.QUEUE, 8, Duration.ofMillis(5), ""))) {
      List<CompletableFuture<RunOutputs>> answers = new ArrayList<>();
      for (Map<String, Tensor> row : served.rows) {
        answers.add(served.service.infer(InferenceRequest.of(row)));
      }

      served.checkAll(answers);
      assertThat(served.service.statistics().executions()).isLessThan(REQUESTS);
    }
  }

  @Test
  void callersWhoWantOtherOutputsShareNoRun() throws Exception {
    try (Served served =
        new Served("sklearn-zipmap", new Batching(Mode.EVENT_LOOP, 16, Duration.ZERO, ""))) {
      Deque<Runnable> turn = new ArrayDeque<>();
      String label = served.signature.outputs().getFirst().name();
      var all =
          served.service.infer(
              InferenceRequest.of(served.rows.getFirst()), turn::add, System.nanoTime());
      var one =
          served.service.infer(
              new InferenceRequest(served.rows.getLast(), List.of(label), null),
              turn::add,
              System.nanoTime());
      turn.remove().run();

      assertThat(all.join().tensors()).hasSize(2);
      assertThat(one.join().tensors()).containsOnlyKeys(label);
    }
  }

  @Test
  void whoSendsWhatTheModelHasADefaultForSharesNoRun() throws Exception {
    ExpectedAnswers expected = ExpectedAnswers.of("optional-input");
    try (Served served =
        new Served("optional-input", new Batching(Mode.EVENT_LOOP, 16, Duration.ZERO, ""))) {
      Deque<Runnable> turn = new ArrayDeque<>();
      List<CompletableFuture<RunOutputs>> answers = new ArrayList<>();
      for (ExpectedAnswers.Case each : expected.cases()) {
        answers.add(
            served.service.infer(InferenceRequest.of(each.inputs()), turn::add, System.nanoTime()));
      }
      turn.remove().run();

      for (int i = 0; i < answers.size(); i++) {
        expected.check(expected.cases().get(i), answers.get(i).join().tensors());
      }
      assertThat(served.service.statistics().executions()).isEqualTo(answers.size());
    }
  }

  @Test
  void decidesForAModelByItsShapes() throws Exception {
    assertThat(decision("fixed-batch").mode()).isEqualTo(Mode.OFF);
    assertThat(decision("strings").mode()).isEqualTo(Mode.OFF);
    assertThat(decision("softmax").mode()).isEqualTo(Mode.EVENT_LOOP);
  }

  @Test
  void neverRunsAModelWithoutBoundsOnTheEventLoop() throws Exception {
    assertThat(decision("softmax", BatchingLimits.DEFAULT, false).mode())
        .isNotEqualTo(Mode.EVENT_LOOP);
  }

  private static Batching decision(String name) throws Exception {
    return decision(name, BatchingLimits.DEFAULT, true);
  }

  private static Batching decision(String name, BatchingLimits limits, boolean boundedWork)
      throws Exception {
    Optional<ModelGraph> graph = ModelGraph.of(TestModels.file(name));
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    Signature signature = model.signature(List.of());
    Batching batching =
        Calibration.decide(
            model,
            signature,
            graph.map(RowIndependence::of),
            TrialRows.of(signature, graph),
            limits,
            boundedWork);
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
    return batching;
  }

  /** A model, rows for it, and what it answers to each alone. */
  private static final class Served implements AutoCloseable {
    private final Signature signature;
    private final InferenceService service;
    private final List<Map<String, Tensor>> rows;
    private final List<Map<String, Tensor>> alone = new ArrayList<>();

    Served(String name, Batching batching) throws Exception {
      OnnxModel model = OnnxModel.load(TestModels.file(name));
      signature = model.signature(List.of());
      TrialRows trial = TrialRows.of(signature, ModelGraph.of(TestModels.file(name)));
      rows = IntStream.range(0, REQUESTS).mapToObj(trial::row).toList();
      for (Map<String, Tensor> row : rows) {
        alone.add(model.run(row, List.of(), new RunControl()).tensors());
      }
      service =
          new InferenceService(
              model, signature, batching, 2, 1000, Duration.ofSeconds(10), RunObserver.NONE);
    }

    void checkAll(List<CompletableFuture<RunOutputs>> answers) {
      for (int i = 0; i < answers.size(); i++) {
        Map<String, Tensor> answer = answers.get(i).join().tensors();
        // Forced to merge: what rounds otherwise in company is not merged by default.
        assertThat(Differences.ulps(alone.get(i), answer))
            .as("row %d: %s", i, answer)
            .isLessThanOrEqualTo(RowAgreement.ROUNDING);
      }
    }

    @Override
    public void close() {
      assertThat(service.close(Duration.ofSeconds(10))).isTrue();
    }
  }
}
