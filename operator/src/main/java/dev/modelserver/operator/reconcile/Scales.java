package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import java.util.Objects;
import java.util.Optional;

/** Who decides the number of pods, where the spec does not tell. */
final class Scales {
  private Scales() {}

  /** As it is: the autoscaler that is there, or the number that the Deployment has. */
  static Scaling asTheyAre(Observed observed) {
    return observed
        .autoscaler()
        .<Scaling>map(autoscaler -> of(autoscaler.getSpec()))
        .orElseGet(
            () ->
                new Scaling.Fixed(
                    observed
                        .deployment()
                        .flatMap(d -> Optional.ofNullable(d.getSpec().getReplicas()))
                        .orElse(1)));
  }

  private static Scaling of(HorizontalPodAutoscalerSpec spec) {
    return new Scaling.Autoscaled(
        Objects.requireNonNullElse(spec.getMinReplicas(), 1),
        spec.getMaxReplicas(),
        spec.getMetrics(),
        Optional.ofNullable(spec.getBehavior()));
  }
}
