package dev.modelserver.server.metrics;

import dev.modelserver.server.inference.ServedModel;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The metrics of the model that is served, for every protocol; silent until there is one. */
@Singleton
public final class ModelMetrics {

  private final MeterRegistry registry;
  private volatile @Nullable PredictionMetrics metrics;

  ModelMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Before the protocols prepare for the model. */
  void prepare(@Observes @Priority(1) ServedModel model) {
    metrics = new PredictionMetrics(registry, model);
  }

  /** A request is under way. */
  public void begin() {
    PredictionMetrics known = metrics;
    if (known != null) {
      known.begin();
    }
  }

  /** A request is not under way any more. */
  public void end() {
    PredictionMetrics known = metrics;
    if (known != null) {
      known.end();
    }
  }

  /** Counts one predicted row; null when the model gives no label. */
  public void predicted(@Nullable String label) {
    PredictionMetrics known = metrics;
    if (known != null) {
      known.predicted(label);
    }
  }

  /** A request was answered, this long after its last byte. */
  public void took(Duration time) {
    PredictionMetrics known = metrics;
    if (known != null) {
      known.took(time);
    }
  }
}
