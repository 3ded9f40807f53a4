package dev.modelserver.server.inference;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of the server allows.
 *
 * @param maxRows most rows in a run that merges requests; 1: none is merged; null: as measured
 * @param maxDelay how long a run may wait for more rows
 * @param queueCapacity requests that may wait for a thread
 */
public record BatchingLimits(@Nullable Integer maxRows, Duration maxDelay, int queueCapacity) {

  /** As measured, no delay, 256 in the queue. */
  public static final BatchingLimits DEFAULT = new BatchingLimits(null, Duration.ZERO, 256);
}
