package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.Batching;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How requests are merged, as the user said it. */
final class BatchingResolver {
  private BatchingResolver() {}

  /** Empty where nothing is said: `batching: {}` is no more than no `batching` at all. */
  static Optional<Workload.Batching> resolve(@Nullable Batching wanted) {
    if (wanted == null || wanted.equals(new Batching(null, null, null))) {
      return Optional.empty();
    }
    return Optional.of(
        new Workload.Batching(
            Optional.ofNullable(wanted.maxBatchSize()),
            Optional.ofNullable(wanted.maxDelayMicroseconds()),
            Optional.ofNullable(wanted.maxQueueSize())));
  }
}
