package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.Monitoring;
import dev.modelserver.operator.api.v1alpha1.ServiceMonitorOptions;
import dev.modelserver.operator.resolve.ResolvedModelServer.Monitor;
import io.fabric8.openshift.api.model.monitoring.v1.RelabelConfig;
import io.fabric8.openshift.api.model.monitoring.v1.SafeAuthorization;
import io.fabric8.openshift.api.model.monitoring.v1.TLSConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ServiceMonitor, where one is asked for. */
final class MonitorResolver {
  private static final String FIELD = "spec.monitoring.serviceMonitor.";
  private static final String INTERVAL = "15s";
  private static final Duration LONGEST = Duration.ofHours(24);

  private MonitorResolver() {}

  static Optional<Monitor> resolve(@Nullable Monitoring wanted) {
    if (wanted == null || wanted.serviceMonitor() == null) {
      return Optional.empty();
    }
    ServiceMonitorOptions m = wanted.serviceMonitor();
    String interval = requireNonNullElse(m.interval(), INTERVAL);
    Optional<String> timeout = Optional.ofNullable(m.scrapeTimeout());
    Duration between = duration("interval", interval);
    if (timeout
        .map(t -> duration("scrapeTimeout", t))
        .filter(t -> t.compareTo(between) > 0)
        .isPresent()) {
      throw new IllegalArgumentException(
          "%sscrapeTimeout \"%s\" is longer than the interval %s: lower it, or raise interval"
              .formatted(FIELD, timeout.get(), interval));
    }
    return Optional.of(
        new Monitor(
            Durations.prometheus(interval, between),
            requireNonNullElse(m.labels(), Map.of()),
            timeout.map(t -> Durations.prometheus(t, duration("scrapeTimeout", t))),
            Typed.all(m.relabelings(), RelabelConfig.class),
            Typed.all(m.metricRelabelings(), RelabelConfig.class),
            Typed.maybe(m.tlsConfig(), TLSConfig.class),
            Typed.maybe(m.authorization(), SafeAuthorization.class)));
  }

  private static Duration duration(String field, String text) {
    Duration duration = Durations.parse(FIELD + field, text);
    if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s%s \"%s\" must be between 1ms and 24h".formatted(FIELD, field, text));
    }
    return duration;
  }
}
