package dev.modelserver.server.inference;

import dev.modelserver.server.inference.Batching.Mode;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.PinnedBatch;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Tries a model on one row and on several, and decides how its requests share runs: whether rows of
 * a batch are computed independently, whether together is cheaper than one by one, and whether it
 * is so cheap that an event loop can run it.
 */
public final class Calibration {

  /** A model dearer than this is never run on an event loop, where other connections wait. */
  private static final long MAX_LOOP_NANOS = 150_000;

  /** What a run of merged rows may take on an event loop. */
  private static final long LOOP_BUDGET_NANOS = 500_000;

  /** Merging pays when it makes rows cheaper by this much. */
  private static final double MIN_GAIN = 1.3;

  private static final int FEW = 4;
  private static final int MANY = 16;
  private static final int MAX_ROWS = 64;
  private static final long TRIAL_NANOS = 20_000_000;
  private static final int MIN_TRIALS = 2;
  private static final int MAX_TRIALS = 50;

  /** So many rows at once would take too long to try. */
  private static final long MAX_TRIAL_NANOS = 200_000_000;

  /** A model that goes on by the values it is given is not waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private Calibration() {}

  /**
   * Decides; takes well under a second.
   *
   * @param boundedWork whether the size of the inputs alone bounds what a run does: no loops, no
   *     sizes computed from values
   */
  public static Batching decide(
      OnnxModel model, Signature signature, BatchingLimits limits, boolean boundedWork) {
    if (!PinnedBatch.fits(signature)) {
      return Batching.off("the inputs are not numbers with any number of rows of one size");
    }
    if (model.hasAliases()) {
      return Batching.off("inputs or outputs have names with characters beyond U+FFFF");
    }
    if (model.givesSequences()) {
      return Batching.off("an output is a sequence of tensors, whose rows are not told apart");
    }
    Optional<PinnedBatch> memory = PinnedBatch.of(model, MAX_ROWS);
    if (memory.isEmpty()) {
      return Batching.off("the model is being unloaded");
    }
    RunControl control = new RunControl();
    var timer =
        CompletableFuture.runAsync(
            control::terminate,
            CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    try (PinnedBatch pinned = memory.get()) {
      return decide(pinned, signature, limits, boundedWork, control);
    } catch (ModelRunException e) {
      return Batching.off(
          control.terminated()
              ? "the model did not end on the rows it was tried on"
              : "the model refuses the rows it was tried on");
    } finally {
      timer.cancel(false);
    }
  }

  private static Batching decide(
      PinnedBatch pinned,
      Signature signature,
      BatchingLimits limits,
      boolean boundedWork,
      RunControl control)
      throws ModelRunException {
    List<Map<String, Tensor>> rows = TrialRows.of(signature, Math.min(MANY, pinned.maxRows()));
    long single = nanos(pinned, rows, 1, control);
    Integer wanted = limits.maxRows();
    int most = Math.min(pinned.maxRows(), wanted == null ? MAX_ROWS : wanted);
    int tried = single * MANY > MAX_TRIAL_NANOS ? FEW : MANY;
    tried = Math.min(tried, rows.size());
    boolean onLoop = boundedWork && single <= MAX_LOOP_NANOS && limits.maxDelay().isZero();
    if (most == 1 || tried == 1) {
      String why = wanted != null && wanted == 1 ? "maxBatchSize is 1" : "rows are too large";
      return onLoop
          ? new Batching(Mode.EVENT_LOOP, 1, limits.maxDelay(), why + "; " + cost(single))
          : Batching.off(why);
    }
    if (!independent(pinned, rows, tried, control)) {
      return Batching.off("the answer for a row depends on the other rows of its batch");
    }
    long batch = nanos(pinned, rows, tried, control);
    double gain = (double) single * tried / Math.max(1, batch);
    String measured =
        String.format(
            Locale.ROOT, "%s, %d rows together cost %.1f times less", cost(single), tried, gain);
    if (onLoop) {
      int fit = Math.clamp(LOOP_BUDGET_NANOS * tried / Math.max(1, batch), 1, most);
      return new Batching(Mode.EVENT_LOOP, fit, limits.maxDelay(), measured);
    }
    return gain >= MIN_GAIN || wanted != null
        ? new Batching(Mode.QUEUE, most, limits.maxDelay(), measured)
        : Batching.off(measured);
  }

  private static String cost(long single) {
    return String.format(Locale.ROOT, "a row costs %.3f ms", single / 1e6);
  }

  /** The least time of a run of so many rows. */
  private static long nanos(
      PinnedBatch pinned, List<Map<String, Tensor>> rows, int count, RunControl control)
      throws ModelRunException {
    put(pinned, rows, count);
    long least = Long.MAX_VALUE;
    long spent = 0;
    for (int i = 0; i < MIN_TRIALS || (i < MAX_TRIALS && spent < TRIAL_NANOS); i++) {
      long nanos = pinned.run(count, List.of(), control);
      least = Math.min(least, nanos);
      spent += nanos;
    }
    return least;
  }

  private static boolean independent(
      PinnedBatch pinned, List<Map<String, Tensor>> rows, int count, RunControl control)
      throws ModelRunException {
    List<Map<String, Tensor>> alone = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      pinned.put(0, rows.get(row));
      var _ = pinned.run(1, List.of(), control);
      alone.add(pinned.take(0, 1, 1));
    }
    put(pinned, rows, count);
    var _ = pinned.run(count, List.of(), control);
    for (int row = 0; row < count; row++) {
      if (!TrialRows.same(alone.get(row), pinned.take(row, 1, count))) {
        return false;
      }
    }
    return true;
  }

  private static void put(PinnedBatch pinned, List<Map<String, Tensor>> rows, int count) {
    for (int row = 0; row < count; row++) {
      pinned.put(row, rows.get(row));
    }
  }
}
