package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tries a download again, with growing pauses, until its time for that is over. An attempt that
 * brings more of the file than all before it begins the time anew: a connection that breaks again
 * and again still brings the file.
 */
final class Attempts {

  private static final Duration LONGEST_FIRST_PAUSE = Duration.ofMillis(250);

  /** How many first pauses the retry time has at least. */
  private static final int PAUSES = 32;

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
   * @param retrying how long to begin attempts, counted from the start and from each progress
   */
  static <T> T retrying(Duration retrying, Attempt<T> attempt) throws PreflightException {
    Duration first = firstPause(retrying);
    long deadline = System.nanoTime() + retrying.toNanos();
    Duration pause = first;
    @Nullable TransientFailure cause = null;
    try {
      while (true) {
        try {
          return attempt.within(deadline);
        } catch (TransientFailure e) {
          if (e.progressed()) {
            deadline = System.nanoTime() + retrying.toNanos();
            pause = first;
            cause = null;
          }
          // the last attempt is cut off when the time is over, which says nothing of the cause
          cause = cause == null || e.reason() != Reason.DownloadTimeout ? e : cause;
          Duration wanted = e.retryAfter().orElse(Duration.ZERO);
          Duration next = wanted.compareTo(pause) > 0 ? wanted : pause;
          if (System.nanoTime() + next.toNanos() >= deadline) {
            throw next.equals(pause)
                ? new PreflightException(cause.reason(), cause.sentence())
                : new PreflightException(e.reason(), tooLong(e, wanted, retrying));
          }
          Thread.sleep(next);
          pause = pause.multipliedBy(2);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PreflightException(Reason.DownloadFailed, "the download was interrupted");
    }
  }

  private static String tooLong(TransientFailure e, Duration wanted, Duration retrying) {
    return "%s; it asks to retry after %d s (Retry-After), which is not within the %d s that preflight retries: the next start of preflight tries again"
        .formatted(e.sentence(), wanted.toSeconds(), retrying.toSeconds());
  }

  private static Duration firstPause(Duration retrying) {
    Duration share = retrying.dividedBy(PAUSES);
    return share.compareTo(LONGEST_FIRST_PAUSE) < 0 ? share : LONGEST_FIRST_PAUSE;
  }

  /** What is left of the time, at least a millisecond: no client takes less. */
  static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }
}
