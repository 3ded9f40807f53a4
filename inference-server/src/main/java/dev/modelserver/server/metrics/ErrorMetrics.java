package dev.modelserver.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts failed requests by the type that the table of failures gives them: a closed set, so the
 * label is bounded.
 */
@Singleton
public final class ErrorMetrics {

  private final MeterRegistry registry;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  ErrorMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Makes the type visible with the value 0 before the first failure: a rate needs a beginning. */
  public void register(String type) {
    var _ = counter(type);
  }

  public void count(String type) {
    counter(type).increment();
  }

  private Counter counter(String type) {
    return counters.computeIfAbsent(
        type,
        name ->
            Counter.builder("ml.errors")
                .description("Requests that failed, by type")
                .tag("type", name)
                .register(registry));
  }
}
