package dev.modelserver.server.inference;

import dev.modelserver.server.graph.independence.RowIndependence;
import dev.modelserver.server.inference.Batching.Mode;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.PinnedBatch;
import dev.modelserver.server.onnx.RunControl;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Tries a model on one row and on several, and decides how its requests share runs: whether a row
 * gets the answer it gets alone, whether together is cheaper than one by one, and whether it is so
 * cheap that an event loop can run it.
 */
public final class Calibration {

  /** A model dearer than this is never run on an event loop, where other connections wait. */
  private static final long MAX_LOOP_NANOS = 150_000;

  /** What a run of merged rows may take on an event loop. */
  private static final long LOOP_BUDGET_NANOS = 500_000;

  /** Merging pays when it makes rows cheaper by this much. */
  private static final double MIN_GAIN = 1.3;

  private static final int MANY = 16;
  private static final int MAX_ROWS = 64;
  private static final long TIMING_NANOS = 20_000_000;
  private static final int MIN_RUNS = 2;
  private static final int MAX_RUNS = 50;

  /** How long trial rows are compared. */
  private static final long TRIAL_NANOS = 400_000_000;

  /** The same where the owner asks for a number of rows. */
  private static final long WANTED_TRIAL_NANOS = 2_000_000_000;

  /** A model that goes on by the values it is given is not waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /** A model that goes on by the values it is given is not waited for. */
  private static final Duration UNBOUNDED_PATIENCE = Duration.ofSeconds(1);

  private final OnnxModel model;
  private final Signature signature;
  private final Optional<RowIndependence> proof;
  private final TrialRows rows;
  private final BatchingLimits limits;
  private final boolean boundedWork;
  private final RunControl control = new RunControl();

  private Calibration(
      OnnxModel model,
      Signature signature,
      Optional<RowIndependence> proof,
      TrialRows rows,
      BatchingLimits limits,
      boolean boundedWork) {
    this.model = model;
    this.signature = signature;
    this.proof = proof;
    this.rows = rows;
    this.limits = limits;
    this.boundedWork = boundedWork;
  }

  /**
   * Decides; takes about half a second, and a few where the owner asks for a number of rows.
   *
   * @param proof what the graph tells of rows; empty when it could not be read
   * @param rows to try the model on
   * @param boundedWork whether the size of the inputs alone bounds what a run does: no loops, no
   *     sizes computed from values
   */
  public static Batching decide(
      OnnxModel model,
      Signature signature,
      Optional<RowIndependence> proof,
      TrialRows rows,
      BatchingLimits limits,
      boolean boundedWork) {
    return new Calibration(model, signature, proof, rows, limits, boundedWork).decide();
  }

  private Batching decide() {
    if (!PinnedBatch.fits(signature)) {
      return off("the inputs are not numbers with any number of rows of one size");
    }
    if (model.hasAliases()) {
      return off("inputs or outputs have names with characters beyond U+FFFF");
    }
    if (model.givesSequences()) {
      return off("an output is a sequence of tensors, whose rows are not told apart");
    }
    Integer wanted = limits.maxRows();
    Optional<PinnedBatch> memory = PinnedBatch.of(model, wanted == null ? MAX_ROWS : wanted);
    if (memory.isEmpty()) {
      return off("the model is being unloaded");
    }
    var timer =
        CompletableFuture.runAsync(
            control::terminate,
            CompletableFuture.delayedExecutor(
                (boundedWork ? PATIENCE : UNBOUNDED_PATIENCE).toMillis(), TimeUnit.MILLISECONDS));
    try (PinnedBatch pinned = memory.get()) {
      return decide(pinned);
    } catch (ModelRunException e) {
      return off(
          control.terminated()
              ? "the model did not end on the rows it was tried on"
              : "the model refuses the rows it was tried on");
    } finally {
      timer.cancel(false);
    }
  }

  private Batching off(String reason) {
    return Batching.off(reason, RowEvidence.of(proof));
  }

  private Batching decide(PinnedBatch pinned) throws ModelRunException {
    Integer wanted = limits.maxRows();
    boolean asked = wanted != null;
    long time = asked ? WANTED_TRIAL_NANOS : TRIAL_NANOS;
    RowPool pool = RowPool.of(pinned, rows, pinned.maxRows(), time / 4, control);
    RowAgreement trials = RowAgreement.of(pinned, pool, pinned.maxRows(), time, asked, control);
    RowEvidence evidence = RowEvidence.of(proof, trials);
    int most = asked ? trials.mergeableRounded() : evidence.exact() ? trials.mergeable() : 1;
    long single = nanos(pinned, pool, 1);
    boolean onLoop =
        boundedWork
            && single <= MAX_LOOP_NANOS
            && limits.maxDelay().isZero()
            // a loop does not wait for other threads
            && model.settings().intraOpThreads() == 1;
    if (most == 1) {
      String why =
          pinned.maxRows() > 1
              ? dependence(evidence, asked)
              : Integer.valueOf(1).equals(wanted) ? "maxBatchSize is 1" : "rows are too large";
      return onLoop
          ? new Batching(Mode.EVENT_LOOP, 1, limits.maxDelay(), why + "; " + cost(single), evidence)
          : Batching.off(why, evidence);
    }
    int tried = Math.min(MANY, most);
    long batch = nanos(pinned, pool, tried);
    double gain = (double) single * tried / Math.max(1, batch);
    String measured =
        String.format(
            Locale.ROOT, "%s, %d rows together cost %.1f times less", cost(single), tried, gain);
    if (onLoop) {
      int fit = Math.clamp(LOOP_BUDGET_NANOS * tried / Math.max(1, batch), 1, most);
      return new Batching(Mode.EVENT_LOOP, fit, limits.maxDelay(), measured, evidence);
    }
    return gain >= MIN_GAIN || asked
        ? new Batching(Mode.QUEUE, most, limits.maxDelay(), measured, evidence)
        : Batching.off(measured, evidence);
  }

  /** Why no rows are merged although they could. */
  private static String dependence(RowEvidence evidence, boolean asked) {
    if (evidence.largestDifference() > RowAgreement.ROUNDING) {
      return "the answer for a row depends on the other rows of its run"
          + evidence.whyUnproved().map(why -> ": " + why).orElse("");
    }
    String remedy = asked ? "" : "; set maxBatchSize to merge them all the same";
    return evidence
            .whyUnproved()
            .map(why -> "rows are not proved to be independent: " + why)
            .or(() -> evidence.rounding().map(why -> "last bits can differ: " + why))
            .orElse(
                "the last bits of an answer depend on the number of rows that are computed together")
        + remedy;
  }

  private static String cost(long single) {
    return String.format(Locale.ROOT, "a row costs %.3f ms", single / 1e6);
  }

  /** The least time of a run of so many rows. */
  private long nanos(PinnedBatch pinned, RowPool pool, int count) throws ModelRunException {
    for (int row = 0; row < count; row++) {
      pinned.put(row, pool.inputs(row));
    }
    long least = Long.MAX_VALUE;
    long spent = 0;
    for (int i = 0; i < MIN_RUNS || (i < MAX_RUNS && spent < TIMING_NANOS); i++) {
      long nanos = pinned.run(count, List.of(), control);
      least = Math.min(least, nanos);
      spent += nanos;
    }
    return least;
  }
}
