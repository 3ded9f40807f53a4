package dev.modelserver.server.inference;

import dev.modelserver.server.inference.InferenceFailure.CrashingInput;
import dev.modelserver.server.inference.InferenceFailure.InvalidInput;
import dev.modelserver.server.inference.InferenceFailure.ModelFailed;
import dev.modelserver.server.inference.InferenceFailure.NoMemory;
import dev.modelserver.server.inference.InferenceFailure.NotReady;
import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.PinnedBatch;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs requests, several as one where they fit together, and answers each with its own rows. Used
 * by one thread.
 */
final class BatchRunner implements AutoCloseable {

  private final OnnxModel model;
  private final @Nullable PinnedBatch pinned;
  private final StatisticsCounters counters;
  private final RunObserver observer;

  /**
   * Makes a runner.
   *
   * @param pinned memory for shared runs; null: every request runs alone
   */
  BatchRunner(
      OnnxModel model,
      @Nullable PinnedBatch pinned,
      StatisticsCounters counters,
      RunObserver observer) {
    this.model = model;
    this.pinned = pinned;
    this.counters = counters;
    this.observer = observer;
  }

  /** Rows that one shared run can have; 0 when there are none. */
  int maxRows() {
    return pinned == null ? 0 : pinned.maxRows();
  }

  /**
   * Answers every request of the batch.
   *
   * @param control ends the run when nobody waits for it any more; null where a run cannot take
   *     long
   */
  void run(List<Pending> batch, @Nullable RunControl control) {
    PinnedBatch shared = pinned;
    int rows = 0;
    for (Pending pending : batch) {
      rows += pending.rows();
    }
    if (shared == null || batch.getFirst().rows() == 0 || rows > shared.maxRows()) {
      alone(batch, control);
    } else {
      together(shared, batch, rows, control);
    }
  }

  private void alone(List<Pending> batch, @Nullable RunControl control) {
    for (Pending pending : batch) {
      // nobody waits for an answer that was given
      if (!pending.answer().isDone()) {
        alone(pending, control == null ? new RunControl() : control);
      }
    }
  }

  private void alone(Pending pending, RunControl control) {
    long start = System.nanoTime();
    InferenceRequest request = pending.request();
    if (!request.memory().retain()) {
      // the caller was answered a moment ago
      return;
    }
    try {
      RunOutputs outputs = model.run(request.inputs(), request.outputs(), control);
      int rows = Math.max(1, pending.rows());
      counters.ran(rows, outputs.times());
      answer(pending, rows, rows, start, outputs);
    } catch (ModelRunException e) {
      refuse(pending, e);
    } catch (RuntimeException | Error e) {
      fail(pending, e);
    } finally {
      request.memory().letGo();
    }
  }

  private void together(
      PinnedBatch shared, List<Pending> batch, int rows, @Nullable RunControl control) {
    try {
      long start = System.nanoTime();
      int row = 0;
      for (Pending pending : batch) {
        put(shared, row, pending.request());
        row += pending.rows();
      }
      long put = System.nanoTime();
      long computed = shared.run(rows, batch.getFirst().request().outputs(), control);
      RunTimes times =
          new RunTimes(put - start, computed, Math.max(0, System.nanoTime() - put - computed));
      counters.ran(rows, times);
      row = 0;
      for (Pending pending : batch) {
        answer(
            pending,
            pending.rows(),
            rows,
            start,
            new RunOutputs(shared.take(row, pending.rows(), rows), times));
        row += pending.rows();
      }
    } catch (ModelRunException e) {
      if (batch.size() == 1) {
        refuse(batch.getFirst(), e);
      } else {
        // one request must not take the others with it
        alone(batch, control);
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(pending -> fail(pending, e));
    }
  }

  /** Rows of a caller who was answered already stay as they are: nobody reads what they give. */
  private static void put(PinnedBatch shared, int row, InferenceRequest request) {
    if (request.memory().retain()) {
      try {
        shared.put(row, request.inputs());
      } finally {
        request.memory().letGo();
      }
    }
  }

  private void answer(Pending pending, int rows, int all, long start, RunOutputs outputs) {
    if (pending.answer().isDone()) {
      // its time was over before the run was, and it was counted then
      return;
    }
    long waited = pending.waitedNanos(start);
    counters.succeeded(rows, waited, pending.waitedNanos(System.nanoTime()));
    observer.ran(waited, outputs.times().totalNanos(), all);
    RunObserver own = pending.request().observer();
    if (own != null) {
      own.ran(waited, outputs.times().totalNanos(), all);
    }
    pending.answer().complete(outputs);
  }

  private void fail(Pending pending, Throwable thrown) {
    if (pending.answer().completeExceptionally(thrown)) {
      counters.failed(pending.waitedNanos(System.nanoTime()));
    }
  }

  private void refuse(Pending pending, ModelRunException e) {
    String words = String.valueOf(e.getMessage());
    fail(
        pending,
        new InferenceException(
            switch (e.kind()) {
              case INPUT -> new InvalidInput("the model refuses these inputs: " + words);
              case MODEL -> new ModelFailed("the model failed: " + words);
              case MEMORY ->
                  new NoMemory(
                      "there is no memory for what this request needs; send less at once, or raise"
                          + " spec.resources: "
                          + words);
              case CRASH -> new CrashingInput(words);
              case UNLOADING -> new NotReady(words);
            }));
  }

  @Override
  public void close() {
    if (pinned != null) {
      pinned.close();
    }
  }
}
