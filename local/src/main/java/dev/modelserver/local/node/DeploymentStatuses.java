package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Writes down the state of a Deployment in the words of its controller. */
final class DeploymentStatuses {
  private DeploymentStatuses() {}

  /**
   * The status of a Deployment whose pods are all of its current template.
   *
   * @param pods number of its pods
   * @param readySince since when each of the ready ones is ready
   */
  static DeploymentStatus of(
      Deployment deployment, int pods, List<Instant> readySince, Instant now) {
    var wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    var settle =
        Duration.ofSeconds(
            Objects.requireNonNullElse(deployment.getSpec().getMinReadySeconds(), 0));
    var available =
        (int) readySince.stream().filter(since -> !since.plus(settle).isAfter(now)).count();
    var complete = available == wanted;
    var name = deployment.getMetadata().getName();
    var old = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    return new DeploymentStatusBuilder()
        .withObservedGeneration(deployment.getMetadata().getGeneration())
        .withReplicas(pods)
        .withUpdatedReplicas(pods)
        .withReadyReplicas(readySince.size())
        .withAvailableReplicas(available)
        .withUnavailableReplicas(Math.max(0, wanted - available))
        .withConditions(
            condition(
                old,
                now,
                "Available",
                complete,
                complete ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                complete
                    ? "Deployment has minimum availability."
                    : "Deployment does not have minimum availability."),
            condition(
                old,
                now,
                "Progressing",
                true,
                complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                complete
                    ? "ReplicaSet \"" + name + "\" has successfully progressed."
                    : "ReplicaSet \"" + name + "\" is progressing."))
        .build();
  }

  private static DeploymentCondition condition(
      DeploymentStatus old,
      Instant now,
      String type,
      boolean holds,
      String reason,
      String message) {
    var status = holds ? "True" : "False";
    var same =
        old.getConditions().stream()
            .filter(condition -> condition.getType().equals(type))
            .filter(condition -> condition.getStatus().equals(status))
            .filter(condition -> condition.getReason().equals(reason))
            .findFirst();
    return same.orElseGet(
        () ->
            new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(PodStatuses.text(now))
                .withLastUpdateTime(PodStatuses.text(now))
                .build());
  }
}
