package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import java.util.Optional;

/** The HorizontalPodAutoscaler, where one is asked for. */
final class DesiredAutoscaler {
  private DesiredAutoscaler() {}

  static Optional<HorizontalPodAutoscaler> of(ResolvedModelServer server) {
    return switch (server.scaling()) {
      case Scaling.Fixed _ -> Optional.empty();
      case Scaling.Autoscaled wanted ->
          Optional.of(
              new HorizontalPodAutoscalerBuilder()
                  .withMetadata(Labels.metadata(server.owner(), Names.workload(server.owner())))
                  .withNewSpec()
                  .withNewScaleTargetRef()
                  .withApiVersion("apps/v1")
                  .withKind("Deployment")
                  .withName(Names.workload(server.owner()))
                  .endScaleTargetRef()
                  .withMinReplicas(wanted.minReplicas())
                  .withMaxReplicas(wanted.maxReplicas())
                  .withMetrics(wanted.metrics())
                  .withBehavior(wanted.behavior().orElse(null))
                  .endSpec()
                  .build());
    };
  }
}
