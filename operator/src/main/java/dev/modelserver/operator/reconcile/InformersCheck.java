package dev.modelserver.operator.reconcile;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Liveness: an operator with a stopped informer acts on what it saw last, until its kubelet starts
 * it again. The metric {@code modelserver_informers_stopped} tells it before.
 */
@Startup
@Liveness
@Singleton
final class InformersCheck implements HealthCheck {
  private final StoppedInformers informers;

  InformersCheck(Operator operator, MeterRegistry registry) {
    informers = new StoppedInformers(() -> stopped(operator), Clock.systemUTC());
    registry.gauge("modelserver.informers.stopped", informers, StoppedInformers::count);
  }

  @Override
  public HealthCheckResponse call() {
    List<String> stopped = informers.forLong();
    var response = HealthCheckResponse.named("Informers are not stopped").status(stopped.isEmpty());
    return stopped.isEmpty()
        ? response.build()
        : response.withData("stopped", String.join(", ", stopped)).build();
  }

  private static Set<String> stopped(Operator operator) {
    if (!operator.getRuntimeInfo().isStarted()) {
      return Set.of();
    }
    return operator.getRuntimeInfo().unhealthyEventSources().values().stream()
        .flatMap(sources -> sources.entrySet().stream())
        .flatMap(
            source ->
                source.getValue() instanceof InformerWrappingEventSourceHealthIndicator<?> informers
                    ? stopped(source.getKey(), informers)
                    : Stream.empty())
        .collect(Collectors.toSet());
  }

  private static Stream<String> stopped(
      String source, InformerWrappingEventSourceHealthIndicator<?> informers) {
    Map<String, InformerHealthIndicator> byNamespace = informers.informerHealthIndicators();
    return byNamespace.entrySet().stream()
        .filter(informer -> !informer.getValue().isRunning())
        .map(informer -> "%s of namespace %s".formatted(source, informer.getKey()));
  }
}
