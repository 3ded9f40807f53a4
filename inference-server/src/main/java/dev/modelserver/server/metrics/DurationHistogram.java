package dev.modelserver.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts times into buckets from 10 microseconds to 10 seconds. Any number of threads may add at
 * once, at the price of two additions: no lock, no memory, no look-up.
 */
final class DurationHistogram {

  /** Upper bounds in nanoseconds, inclusive; what is above the last is counted too. */
  static final long[] BOUNDS = bounds();

  private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
  private final LongAdder sum = new LongAdder();

  DurationHistogram() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(long nanos) {
    counts[bucket(nanos)].increment();
    sum.add(nanos);
  }

  /** How many took up to each bound, and last how many there are; each includes those before. */
  long[] cumulative() {
    long[] totals = new long[counts.length];
    long total = 0;
    for (int i = 0; i < totals.length; i++) {
      total += counts[i].sum();
      totals[i] = total;
    }
    return totals;
  }

  /** All of them together, in nanoseconds. */
  long sum() {
    return sum.sum();
  }

  private static int bucket(long nanos) {
    int low = 0;
    int high = BOUNDS.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (nanos <= BOUNDS[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static long[] bounds() {
    long[] bounds = new long[19];
    int i = 0;
    for (long decade = 10_000; decade < 10_000_000_000L; decade *= 10) {
      bounds[i++] = decade;
      bounds[i++] = decade / 10 * 25;
      bounds[i++] = decade * 5;
    }
    bounds[i] = 10_000_000_000L;
    return bounds;
  }
}
