package dev.modelserver.operator.config;

import dev.modelserver.operator.metrics.OperatorMetrics;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/**
 * The framework's metrics of reconciliations, and the operator's own, at /q/metrics. The
 * extension's own producer of them is asked before it has a registry, and then gives none.
 */
@ApplicationScoped
class ReconcilerMetrics {
  @Produces
  @Singleton
  Metrics metrics(MeterRegistry registry) {
    return MicrometerMetricsV2.newBuilder(registry).build();
  }

  @Produces
  @Singleton
  OperatorMetrics operatorMetrics() {
    return new OperatorMetrics(Clock.systemUTC());
  }

  /** The client counts its writes before there is a registry. */
  @SuppressWarnings("deprecation") // the registry that Quarkus brings
  void register(
      @Observes StartupEvent event,
      io.micrometer.prometheus.PrometheusMeterRegistry registry,
      OperatorMetrics metrics) {
    registry.getPrometheusRegistry().register(metrics);
  }
}
