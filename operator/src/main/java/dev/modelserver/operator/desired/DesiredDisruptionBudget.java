package dev.modelserver.operator.desired;

import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.Optional;

/**
 * The PodDisruptionBudget, unless it is switched off; unhealthy pods may always be evicted, so that
 * a drain never hangs on them.
 */
final class DesiredDisruptionBudget {
  private DesiredDisruptionBudget() {}

  static Optional<PodDisruptionBudget> of(ResolvedModelServer server) {
    if (!server.disruption().enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        new PodDisruptionBudgetBuilder()
            .withMetadata(Labels.metadata(server.owner(), Names.workload(server.owner())))
            .withNewSpec()
            .withMaxUnavailable(server.disruption().maxUnavailable())
            .withUnhealthyPodEvictionPolicy("AlwaysAllow")
            .withNewSelector()
            .withMatchLabels(Labels.serviceSelector(server.owner()))
            .endSelector()
            .endSpec()
            .build());
  }
}
