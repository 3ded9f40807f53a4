package dev.modelserver.server.inference;

import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.PinnedBatch;
import dev.modelserver.server.onnx.RunControl;
import java.util.List;

/**
 * What trial rows showed: whether a row in a run of several gets the answer it gets alone. The
 * runtime may compute with another kernel for another number of rows, so every number is tried,
 * from 2 on, as far as the time goes.
 *
 * @param tried the largest number of rows that was tried
 * @param equal the largest number of rows up to which all answers were equal to the bit; 1: none
 * @param rounded the same, where {@link #ROUNDING} units in the last place do not count
 * @param largest the largest difference, in units in the last place of the row's largest number
 */
record RowAgreement(int tried, int equal, int rounded, double largest) {

  /** What another order of additions explains. */
  static final double ROUNDING = 16;

  /** Nothing was tried. */
  static final RowAgreement NONE = new RowAgreement(1, 1, 1, 0);

  /** With fewer rows, equal last bits can be a coincidence. */
  private static final int ENOUGH = 16;

  /** After the first difference this number of further sizes is tried, to measure it. */
  private static final int AFTER_DIFFERENCE = 8;

  /**
   * Tries rows.
   *
   * @param most the largest number of rows of interest
   * @param nanos how long to go on
   * @param sampled whether to skip numbers when the time is over, and try some larger ones
   */
  static RowAgreement of(
      PinnedBatch pinned, RowPool pool, int most, long nanos, boolean sampled, RunControl control)
      throws ModelRunException {
    long start = System.nanoTime();
    RowAgreement found = NONE;
    int differed = most + 1;
    int count = Math.min(2, most + 1);
    long last = 0;
    while (count <= most && found.largest <= ROUNDING) {
      long spent = System.nanoTime() - start;
      // A run of more rows takes longer than the last one did.
      boolean late = spent + last > nanos;
      boolean over = late && (!sampled || spent > 2 * nanos);
      if (over || (!sampled && count > differed + AFTER_DIFFERENCE)) {
        break;
      }
      double apart = apart(pinned, pool, count, control);
      last = System.nanoTime() - start - spent;
      differed = apart > 0 ? Math.min(differed, count) : differed;
      found = found.and(count, apart);
      count = late && count < most ? Math.min(most, 2 * count + 1) : count + 1;
    }
    return found;
  }

  private RowAgreement and(int count, double apart) {
    double both = Math.max(largest, apart);
    return new RowAgreement(
        count, both == 0 ? count : equal, both <= ROUNDING ? count : rounded, both);
  }

  /** The largest difference between answers in a run of several rows and answers alone. */
  private static double apart(PinnedBatch pinned, RowPool pool, int count, RunControl control)
      throws ModelRunException {
    // Each row gets to many places: where it lies can decide how it is computed.
    int first = count * 7;
    for (int row = 0; row < count; row++) {
      pinned.put(row, pool.inputs(first + row));
    }
    try {
      var _ = pinned.run(count, List.of(), control);
      double apart = 0;
      for (int row = 0; row < count; row++) {
        apart =
            Math.max(apart, Differences.ulps(pool.alone(first + row), pinned.take(row, 1, count)));
      }
      return apart;
    } catch (ModelRunException e) {
      if (control.terminated()) {
        throw e;
      }
      return Double.POSITIVE_INFINITY;
    }
  }

  /**
   * The most rows of a run in which each gets, to the bit, its own answer; 1: none. Where few rows
   * differed, those that did not are not trusted; where only many did, as where a kernel changes at
   * 50 rows, fewer are.
   */
  int mergeable() {
    return equal == tried || equal >= ENOUGH ? equal : 1;
  }

  /** The most rows of a run where the owner takes what rounding explains; 1: none. */
  int mergeableRounded() {
    return rounded == tried ? rounded : 1;
  }
}
