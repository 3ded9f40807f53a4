package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.Alert;
import dev.modelserver.operator.api.v1alpha1.AlertSeverity;
import dev.modelserver.operator.api.v1alpha1.AlertState;
import dev.modelserver.operator.api.v1alpha1.Alerts;
import dev.modelserver.operator.api.v1alpha1.Autoscaling;
import dev.modelserver.operator.api.v1alpha1.CertificateAlert;
import dev.modelserver.operator.api.v1alpha1.ErrorRateAlert;
import dev.modelserver.operator.api.v1alpha1.LatencyAlert;
import dev.modelserver.operator.api.v1alpha1.LatencyBound;
import dev.modelserver.operator.api.v1alpha1.LatencyObjective;
import dev.modelserver.operator.api.v1alpha1.Monitoring;
import dev.modelserver.operator.api.v1alpha1.Objective;
import dev.modelserver.operator.api.v1alpha1.PercentAlert;
import dev.modelserver.operator.api.v1alpha1.Server;
import dev.modelserver.operator.names.AlertName;
import dev.modelserver.operator.resolve.AlertRules.Alerting;
import dev.modelserver.operator.resolve.AlertRules.LatencyTarget;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The alerts and the objective, where they are asked for. */
final class AlertsResolver {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Alerts NONE =
      new Alerts(null, null, null, null, null, null, null, null, null, null, null);
  private static final double LATENCY_PERCENT = 99;
  private static final int CERTIFICATE_DAYS = 7;

  private final Map<AlertName, Alerting> alerts = new EnumMap<>(AlertName.class);

  private AlertsResolver() {}

  static Optional<AlertRules> resolve(
      @Nullable Monitoring wanted, @Nullable Autoscaling autoscaling, @Nullable Server server) {
    if (wanted == null || (wanted.alerts() == null && wanted.objective() == null)) {
      return Optional.empty();
    }
    Optional<Objective> objective = Optional.ofNullable(wanted.objective());
    Optional<LatencyTarget> fast = objective.map(Objective::latency).map(AlertsResolver::target);
    AlertsResolver resolver = new AlertsResolver();
    Optional<LatencyTarget> latency = Optional.empty();
    if (wanted.alerts() != null) {
      resolver.states(wanted.alerts(), autoscaling);
      resolver.secrets(wanted.alerts(), requireNonNullElse(server, Server.NOTHING));
      latency = resolver.latency(Optional.ofNullable(wanted.alerts().latency()), fast);
    }
    return Optional.of(
        new AlertRules(
            requireNonNullElse(requireNonNullElse(wanted.alerts(), NONE).labels(), Map.of()),
            Map.copyOf(resolver.alerts),
            latency,
            objective.map(Objective::availability).map(BigDecimal::valueOf),
            fast));
  }

  private void states(Alerts wanted, @Nullable Autoscaling autoscaling) {
    plain(AlertName.NOT_READY, "notReady", wanted.notReady(), AlertSeverity.WARNING, "10m");
    plain(AlertName.ROLLED_BACK, "rolledBack", wanted.rolledBack(), AlertSeverity.WARNING, "0s");
    plain(AlertName.NO_PODS, "noPods", wanted.noPods(), AlertSeverity.CRITICAL, "1m");
    ErrorRateAlert rate =
        requireNonNullElse(wanted.errorRate(), new ErrorRateAlert(null, null, null, null));
    add(
        AlertName.ERROR_RATE,
        "errorRate",
        new Alert(rate.state(), rate.severity(), rate.pending()),
        AlertSeverity.WARNING,
        "5m",
        BigDecimal.valueOf(requireNonNullElse(rate.percent(), 5.0)));
    share(AlertName.QUEUE_FULL, "queueFull", wanted.queueFull(), "5m");
    share(AlertName.MEMORY_NEAR_LIMIT, "memoryNearLimit", wanted.memoryNearLimit(), "10m");
    if (autoscaling != null
        && requireNonNullElse(autoscaling.minReplicas(), 1) < autoscaling.maxReplicas()) {
      share(AlertName.NEAR_MAX_REPLICAS, "nearMaxReplicas", wanted.nearMaxReplicas(), "15m");
    }
  }

  /** Of pods without TLS and tokens there is nothing to say. */
  private void secrets(Alerts wanted, Server server) {
    if (server.tls() != null) {
      CertificateAlert alert =
          requireNonNullElse(
              wanted.certificateExpires(), new CertificateAlert(null, null, null, null));
      add(
          AlertName.CERTIFICATE_EXPIRES,
          "certificateExpires",
          new Alert(alert.state(), alert.severity(), alert.pending()),
          AlertSeverity.WARNING,
          "10m",
          BigDecimal.valueOf(requireNonNullElse(alert.days(), CERTIFICATE_DAYS)));
    }
    if (server.tls() != null || server.authentication() != null) {
      plain(
          AlertName.SECRET_RELOAD_FAILED,
          "secretReloadFailed",
          wanted.secretReloadFailed(),
          AlertSeverity.WARNING,
          "10m");
    }
  }

  private Optional<LatencyTarget> latency(
      Optional<LatencyAlert> wanted, Optional<LatencyTarget> objective) {
    Optional<LatencyBound> threshold =
        wanted.map(LatencyAlert::threshold).or(() -> objective.map(LatencyTarget::threshold));
    if (threshold.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal percent =
        wanted
            .map(LatencyAlert::percent)
            .map(BigDecimal::valueOf)
            .or(() -> objective.map(LatencyTarget::percent))
            .orElse(BigDecimal.valueOf(LATENCY_PERCENT));
    LatencyAlert alert = wanted.orElse(new LatencyAlert(null, null, null, null, null));
    add(
        AlertName.LATENCY,
        "latency",
        new Alert(alert.state(), alert.severity(), alert.pending()),
        AlertSeverity.WARNING,
        "5m",
        percent);
    return Optional.of(new LatencyTarget(percent, threshold.get()));
  }

  private static LatencyTarget target(LatencyObjective wanted) {
    return new LatencyTarget(BigDecimal.valueOf(wanted.percent()), wanted.threshold());
  }

  private void plain(
      AlertName name,
      String field,
      @Nullable Alert wanted,
      AlertSeverity severity,
      String pending) {
    add(name, field, wanted, severity, pending, BigDecimal.ZERO);
  }

  private void share(AlertName name, String field, @Nullable PercentAlert wanted, String pending) {
    PercentAlert alert = requireNonNullElse(wanted, new PercentAlert(null, null, null, null));
    add(
        name,
        field,
        new Alert(alert.state(), alert.severity(), alert.pending()),
        AlertSeverity.WARNING,
        pending,
        BigDecimal.valueOf(requireNonNullElse(alert.percent(), 90)));
  }

  private void add(
      AlertName name,
      String field,
      @Nullable Alert wanted,
      AlertSeverity severity,
      String pending,
      BigDecimal threshold) {
    Alert alert = requireNonNullElse(wanted, new Alert(null, null, null));
    if (alert.state() != AlertState.DISABLED) {
      alerts.put(
          name,
          new Alerting(
              requireNonNullElse(alert.severity(), severity),
              duration(
                  "spec.monitoring.alerts.%s.for".formatted(field),
                  requireNonNullElse(alert.pending(), pending)),
              threshold));
    }
  }

  private static String duration(String field, String text) {
    Duration duration = Durations.parse(field, text);
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("%s \"%s\" must be at most 24h".formatted(field, text));
    }
    return Durations.prometheus(text, duration);
  }
}
