package dev.modelserver.operator.status;

import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import java.util.List;
import java.util.Optional;

/** The condition `ScalingActive`: the autoscaler's own reason and words, and what to do. */
final class ScalingVerdict {
  private static final String IGNORED = "; spec.replicas is ignored while spec.autoscaling is set";

  private ScalingVerdict() {}

  /** Nothing where no autoscaling is asked for. */
  static Optional<Verdict> of(Situation s) {
    if (s.server().scaling() instanceof Scaling.Fixed) {
      return Optional.empty();
    }
    List<HorizontalPodAutoscalerCondition> told =
        s.observed()
            .autoscaler()
            .map(HorizontalPodAutoscaler::getStatus)
            .map(status -> List.copyOf(status.getConditions()))
            .orElse(List.of());
    // An autoscaler that may not scale says nothing new of its metrics.
    return find(told, "AbleToScale")
        .filter(c -> c.getStatus().equals("False"))
        .or(() -> find(told, "ScalingActive"))
        .map(
            c ->
                new Verdict(
                    ConditionType.SCALING_ACTIVE,
                    c.getStatus(),
                    c.getReason(),
                    "HorizontalPodAutoscaler %s: %s%s%s"
                        .formatted(
                            s.server().owner().name(),
                            c.getMessage(),
                            c.getStatus().equals("True") ? "" : remedy(c.getReason()),
                            IGNORED)))
        .or(
            () ->
                Optional.of(
                    Verdict.unknown(
                        ConditionType.SCALING_ACTIVE,
                        Reason.AUTOSCALER_PENDING,
                        "The autoscaler has not reported yet" + IGNORED)));
  }

  private static Optional<HorizontalPodAutoscalerCondition> find(
      List<HorizontalPodAutoscalerCondition> conditions, String type) {
    return conditions.stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  private static String remedy(String reason) {
    return switch (reason) {
      case "FailedGetResourceMetric", "FailedGetContainerResourceMetric" ->
          ": check the metrics server (kubectl top pods), and that pods are ready";
      case "FailedGetPodsMetric", "FailedGetObjectMetric", "FailedGetExternalMetric" ->
          ": check the metrics adapter, and the metric's name in spec.autoscaling.metrics";
      case "InvalidMetricSourceType", "InvalidSelector" -> ": correct spec.autoscaling.metrics";
      default -> "";
    };
  }
}
