package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tries a download again, with growing pauses, until its time for that is over. */
final class Attempts {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private Attempts() {}

  /** One try. */
  interface Attempt<T> {
    /**
     * Tries once.
     *
     * @param deadline in the time of {@link System#nanoTime}; no request may wait longer
     */
    T within(long deadline) throws PreflightException, TransientFailure, InterruptedException;
  }

  /**
   * The result of the first attempt that succeeds.
   *
   * @param retrying how long to begin attempts
   */
  static <T> T retrying(Duration retrying, Attempt<T> attempt) throws PreflightException {
    long deadline = System.nanoTime() + retrying.toNanos();
    Duration pause = FIRST_PAUSE;
    @Nullable TransientFailure cause = null;
    try {
      while (true) {
        try {
          return attempt.within(deadline);
        } catch (TransientFailure e) {
          // the last attempt is cut off when the time is over, which says nothing of the cause
          cause = cause == null || e.reason() != Reason.DownloadTimeout ? e : cause;
          if (System.nanoTime() + pause.toNanos() >= deadline) {
            throw new PreflightException(cause.reason(), cause.sentence());
          }
          Thread.sleep(pause);
          pause = pause.multipliedBy(2);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PreflightException(Reason.DownloadFailed, "the download was interrupted");
    }
  }

  /** What is left of the time, at least a millisecond: no client takes less. */
  static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }
}
