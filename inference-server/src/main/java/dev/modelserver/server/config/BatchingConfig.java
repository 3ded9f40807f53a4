package dev.modelserver.server.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How requests are merged into one run of the model.
 *
 * @param maxBatchSize most rows of a run that merges requests, 1 to 1024; null: as measured at load
 * @param maxDelay how long a run may wait for more rows, 0 to 1 s
 * @param maxQueueSize most requests that wait for a run, 1 to 10,000
 */
public record BatchingConfig(@Nullable Integer maxBatchSize, Duration maxDelay, int maxQueueSize) {}
