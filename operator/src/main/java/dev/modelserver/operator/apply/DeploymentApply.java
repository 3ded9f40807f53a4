package dev.modelserver.operator.apply;

import dev.modelserver.operator.desired.DesiredDeployment;
import dev.modelserver.operator.names.FieldManagers;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/**
 * Applies the Deployment so that the number of pods never dips when an autoscaler takes over: an
 * apply that merely stops naming `replicas` would reset it to one, so a second field manager holds
 * it first.
 */
public final class DeploymentApply {
  private final Applier applier;

  public DeploymentApply(Applier applier) {
    this.applier = applier;
  }

  /** Makes the Deployment as it is wanted. */
  public Optional<Refusal> apply(
      Deployment wanted,
      Optional<Deployment> cached,
      Scaling scaling,
      Optional<HorizontalPodAutoscaler> autoscaler) {
    if (scaling instanceof Scaling.Autoscaled autoscaled
        && cached.map(actual -> mustLook(wanted, actual)).orElse(true)) {
      return handOver(wanted, autoscaled, autoscaler);
    }
    return applier.apply(wanted, cached);
  }

  /** Whether the number of pods may be at stake, so that a cache is not good enough. */
  private boolean mustLook(Deployment wanted, Deployment cached) {
    return weDecide(cached)
        || atZero(cached)
        || !applier.settled(wanted, cached, FieldManagers.OPERATOR);
  }

  /** An autoscaler takes zero pods for "switched off", and would never leave it. */
  private static boolean atZero(Deployment deployment) {
    return Integer.valueOf(0).equals(deployment.getSpec().getReplicas());
  }

  private boolean weDecide(Deployment deployment) {
    return OwnedFields.of(applier.tree(deployment), FieldManagers.OPERATOR).ofSpec("replicas");
  }

  private Optional<Refusal> handOver(
      Deployment wanted, Scaling.Autoscaled scaling, Optional<HorizontalPodAutoscaler> autoscaler) {
    try {
      // Read anew: a cache may be older than what the autoscaler did since.
      Optional<Deployment> actual = applier.find(wanted).map(Deployment.class::cast);
      if (actual.isPresent() && !applier.owns(actual.get())) {
        return Optional.of(applier.stranger(actual.get()));
      }
      if (actual.isPresent() && !weDecide(actual.get()) && !atZero(actual.get())) {
        return applier.apply(wanted, actual);
      }
      int replicas = replicas(scaling, actual, autoscaler);
      if (actual.isEmpty()) {
        applier.send(
            DesiredDeployment.withReplicas(wanted, replicas), FieldManagers.OPERATOR, false);
      }
      Deployment only = DesiredDeployment.replicasOnly(wanted, replicas);
      if (actual.isPresent()
          && !weDecide(actual.get())
          && applier.settled(only, actual.get(), FieldManagers.REPLICAS)) {
        // An admission keeps it at zero.
        return applier.apply(wanted, actual);
      }
      actual.ifPresent(
          d -> only.getMetadata().setResourceVersion(d.getMetadata().getResourceVersion()));
      applier.send(only, FieldManagers.REPLICAS, true);
      applier.send(wanted, FieldManagers.OPERATOR, true);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(Applier.refusal(wanted, e));
    }
  }

  private static int replicas(
      Scaling.Autoscaled scaling,
      Optional<Deployment> actual,
      Optional<HorizontalPodAutoscaler> autoscaler) {
    int now = actual.map(d -> d.getSpec().getReplicas()).orElse(0);
    int said =
        autoscaler
            .map(HorizontalPodAutoscaler::getStatus)
            .map(s -> s.getDesiredReplicas())
            .orElse(0);
    return Math.min(scaling.maxReplicas(), Math.max(scaling.minReplicas(), Math.max(now, said)));
  }
}
