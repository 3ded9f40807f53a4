package dev.modelserver.server.metrics;

import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.onnx.RunOutputs;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The metrics of the model that is served, for every protocol; silent until there is one. */
@Singleton
public final class ModelMetrics implements RunObserver {

  private final MeterRegistry registry;
  private final Scrape scrape;
  private volatile @Nullable PredictionMetrics metrics;
  private volatile RowClasses classes = (outputs, row) -> row.accept(null);

  ModelMetrics(MeterRegistry registry, Scrape scrape) {
    this.registry = registry;
    this.scrape = scrape;
  }

  /** Before the protocols prepare for the model. */
  void prepare(@Observes @Priority(1) ServedModel model) {
    metrics = new PredictionMetrics(registry, scrape, model);
  }

  /** From now on rows are counted by these classes. */
  public void countBy(RowClasses known) {
    classes = known;
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

  /** A request was answered from these outputs, so long after its last byte. */
  public void answered(Protocol protocol, RunOutputs outputs, long nanos) {
    PredictionMetrics known = metrics;
    if (known != null) {
      known.took(protocol, nanos);
      classes.forEach(outputs, known::predicted);
    }
  }

  @Override
  public void ran(long queueNanos, long computeNanos, int rows) {
    PredictionMetrics known = metrics;
    if (known != null) {
      known.ran(queueNanos, computeNanos);
    }
  }
}
