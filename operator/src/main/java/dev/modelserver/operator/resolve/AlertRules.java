package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.AlertSeverity;
import dev.modelserver.operator.api.v1alpha1.LatencyBound;
import dev.modelserver.operator.names.AlertName;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * The alerts and the objective of a ModelServer.
 *
 * @param labels of the PrometheusRule
 * @param alerts those that are made
 * @param latency what the alert about latency wants, where there is one
 * @param availability the objective, in percent
 * @param fast the objective of latency
 */
public record AlertRules(
    Map<String, String> labels,
    Map<AlertName, Alerting> alerts,
    Optional<LatencyTarget> latency,
    Optional<BigDecimal> availability,
    Optional<LatencyTarget> fast) {

  /**
   * When an alert fires.
   *
   * @param pending how long it must hold, as Prometheus writes it
   * @param threshold a percentage or days; zero where it has none
   */
  public record Alerting(AlertSeverity severity, String pending, BigDecimal threshold) {}

  /** That share of the answered requests takes at most so long. */
  public record LatencyTarget(BigDecimal percent, LatencyBound threshold) {}

  /** Whether an alert is computed from what the pods tell, not from what the operator does. */
  public static boolean needsMetricsOfPods(AlertName alert) {
    return switch (alert) {
      case NOT_READY, ROLLED_BACK, NO_PODS, NEAR_MAX_REPLICAS -> false;
      case ERROR_RATE,
          LATENCY,
          QUEUE_FULL,
          MEMORY_NEAR_LIMIT,
          CERTIFICATE_EXPIRES,
          SECRET_RELOAD_FAILED,
          AVAILABILITY_BUDGET,
          LATENCY_BUDGET ->
          true;
    };
  }

  /** Whether there is an objective. */
  public boolean hasObjective() {
    return availability.isPresent() || fast.isPresent();
  }
}
