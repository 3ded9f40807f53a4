package dev.modelserver.operator.reconcile;

import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Unlimited retries with capped, jittered exponential backoff: 1 s, 2 s, 4 s … 60 s. The
 * framework's own gives up after 26 s, which would strand a ModelServer in any longer outage.
 */
public final class Backoff implements Retry {
  private static final long FIRST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 60_000;

  @Override
  public RetryExecution initExecution() {
    return new Execution();
  }

  private static final class Execution implements RetryExecution {
    private int attempts;

    @Override
    public Optional<Long> nextDelay() {
      long delay = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts, 6));
      attempts++;
      return Optional.of(delay + ThreadLocalRandom.current().nextLong(delay / 4));
    }

    @Override
    public boolean isLastAttempt() {
      return false;
    }

    @Override
    public int getAttemptCount() {
      return attempts;
    }
  }
}
