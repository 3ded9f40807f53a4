package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Rollout;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.revision.Revision;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.jspecify.annotations.Nullable;

/** The Deployment: the template of a revision, the rollout and scale of the current spec. */
public final class DesiredDeployment {
  private DesiredDeployment() {}

  /** The Deployment; without `replicas` where an autoscaler decides. */
  public static Deployment of(ResolvedModelServer server, Revision target) {
    Integer replicas =
        switch (server.scaling()) {
          case Scaling.Fixed fixed -> fixed.replicas();
          case Scaling.Autoscaled _ -> null;
        };
    return build(server, target, replicas);
  }

  /**
   * The Deployment with a number of pods, as it is first applied before an autoscaler takes over.
   */
  public static Deployment withReplicas(Deployment deployment, int replicas) {
    return new DeploymentBuilder(deployment).editSpec().withReplicas(replicas).endSpec().build();
  }

  /**
   * Nothing but the number of pods, for the field manager that holds it until the autoscaler does.
   */
  public static Deployment replicasOnly(Deployment deployment, int replicas) {
    return new DeploymentBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withName(deployment.getMetadata().getName())
                .withNamespace(deployment.getMetadata().getNamespace())
                .build())
        .withNewSpec()
        .withReplicas(replicas)
        .endSpec()
        .build();
  }

  private static Deployment build(
      ResolvedModelServer server, Revision target, @Nullable Integer replicas) {
    Rollout rollout = server.rollout();
    return new DeploymentBuilder()
        .withMetadata(Labels.metadata(server.owner(), Names.workload(server.owner())))
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .withMatchLabels(Labels.deploymentSelector(server.owner()))
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(rollout.maxSurge())
        .withMaxUnavailable(rollout.maxUnavailable())
        .endRollingUpdate()
        .endStrategy()
        .withMinReadySeconds(rollout.minReadySeconds())
        .withProgressDeadlineSeconds((int) rollout.progressDeadline().toSeconds())
        .withRevisionHistoryLimit(rollout.historyLimit())
        .withPaused(rollout.paused())
        .withTemplate(PodTemplate.of(server.owner(), target))
        .endSpec()
        .build();
  }
}
