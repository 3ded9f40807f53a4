package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.Batching;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How requests are merged, as the user said it. */
final class BatchingResolver {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);

  private BatchingResolver() {}

  /** Empty where nothing is said: `batching: {}` is no more than no `batching` at all. */
  static Optional<Workload.Batching> resolve(@Nullable Batching wanted) {
    if (wanted == null || wanted.equals(new Batching(null, null, null))) {
      return Optional.empty();
    }
    return Optional.of(
        new Workload.Batching(
            Optional.ofNullable(wanted.maxBatchSize()),
            Optional.ofNullable(wanted.maxDelay()).map(BatchingResolver::delay),
            Optional.ofNullable(wanted.maxQueueSize())));
  }

  private static Duration delay(String text) {
    Duration delay = Durations.parse("spec.server.batching.maxDelay", text);
    if (delay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException(
          "spec.server.batching.maxDelay \"%s\" must be at most 1s, for example 2ms"
              .formatted(text));
    }
    return delay;
  }
}
