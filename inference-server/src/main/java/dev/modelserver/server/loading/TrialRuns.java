package dev.modelserver.server.loading;

import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs a model on different numbers of rows before it answers anybody: the first caller does not
 * pay for first use, and what the model gives tells what its outputs are.
 *
 * @param runs those that gave an answer
 * @param failure why no run gave one; empty when one did. A model may have its reasons to refuse
 *     such inputs, so this is no reason to refuse the model.
 */
record TrialRuns(List<TrialRun> runs, Optional<String> failure) {

  /** Three numbers tell an axis of rows from one that happens to have their size. */
  private static final int[] ROWS = {1, 2, 3};

  /**
   * Equal rows: what keeps one of each, as Unique does, has as many rows as the inputs only while
   * those differ.
   */
  private static final int EQUAL = 3;

  /** Rows that decide what scores are, where they are cheap to compute. */
  private static final int MANY = 16;

  /** A model that refuses some values may take others. */
  private static final int OTHER_VALUES = 6;

  /** What a run of {@link #MANY} rows may take. */
  private static final long MANY_NANOS = 200_000_000;

  /**
   * What all runs after the first may take: a model may go on for ever by the values it is given.
   */
  private static final Duration MORE = Duration.ofSeconds(1);

  /** A model whose row takes longer is not asked for a third number of rows. */
  private static final long DEAR_NANOS = 30_000_000;

  TrialRuns {
    runs = List.copyOf(runs);
  }

  /**
   * Runs a model.
   *
   * @param patience ends the first run after this time
   */
  static TrialRuns of(OnnxModel model, TrialInputs inputs, Duration patience) {
    int rows = inputs.anyRows() ? ROWS[0] : inputs.fixedRows();
    Attempt first = within(patience, control -> attempt(model, inputs.of(0, rows), rows, control));
    return within(MORE, control -> runs(model, inputs, first, control));
  }

  private static <T> T within(Duration patience, Function<RunControl, T> work) {
    RunControl control = new RunControl();
    var timer =
        CompletableFuture.runAsync(
            control::terminate,
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    try {
      return work.apply(control);
    } finally {
      timer.cancel(false);
    }
  }

  private static TrialRuns runs(
      OnnxModel model, TrialInputs inputs, Attempt one, RunControl control) {
    List<TrialRun> runs = new ArrayList<>();
    one.run().ifPresent(runs::add);
    Optional<String> failure = one.failure();
    long nanosOfRow = one.nanos();
    for (int i = 1; i < ROWS.length && inputs.anyRows(); i++) {
      int rows = ROWS[i];
      if (rows > 2 && runs.size() > 1 && nanosOfRow > DEAR_NANOS) {
        break;
      }
      Attempt attempt = attempt(model, inputs.of(0, rows), rows, control);
      attempt.run().ifPresent(runs::add);
      failure = failure.or(attempt::failure);
      nanosOfRow = attempt.nanos() / rows;
    }
    if (inputs.anyRows() && !runs.isEmpty() && nanosOfRow <= DEAR_NANOS) {
      attempt(model, inputs.equal(EQUAL), EQUAL, control).run().ifPresent(runs::add);
    }
    for (int first = 1; first < OTHER_VALUES && runs.isEmpty(); first++) {
      int rows = inputs.fixedRows();
      attempt(model, inputs.of(first, rows), rows, control).run().ifPresent(runs::add);
    }
    if (inputs.anyRows() && !runs.isEmpty() && nanosOfRow * MANY < MANY_NANOS) {
      attempt(model, inputs.of(0, MANY), MANY, control).run().ifPresent(runs::add);
    }
    return new TrialRuns(runs, runs.isEmpty() ? failure : Optional.empty());
  }

  /** One try: a run, or why there is none. */
  private record Attempt(Optional<TrialRun> run, Optional<String> failure, long nanos) {}

  private static Attempt attempt(
      OnnxModel model, Optional<Map<String, Tensor>> tensors, int rows, RunControl control) {
    if (tensors.isEmpty()) {
      return new Attempt(Optional.empty(), Optional.of("the inputs are too large to try"), 0);
    }
    long start = System.nanoTime();
    try {
      RunOutputs outputs = model.run(tensors.get(), List.of(), control);
      return new Attempt(
          Optional.of(new TrialRun(rows, outputs)), Optional.empty(), System.nanoTime() - start);
    } catch (ModelRunException e) {
      return new Attempt(Optional.empty(), Optional.of(String.valueOf(e.getMessage())), 0);
    }
  }
}
