package dev.modelserver.operator.snapshot;

import dev.modelserver.operator.names.Labels;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a revision has come, from one snapshot of its Deployment.
 *
 * @param active whether the Deployment carries this revision and its status is about it
 * @param complete whether every wanted pod is of this revision and available, and no other is left
 * @param deadlineExceeded whether the Deployment gave up on this revision
 * @param desired wanted pods
 * @param updated pods of the revision
 * @param ready ready pods of any revision
 * @param available available pods of any revision
 * @param total pods of any revision
 */
public record RolloutState(
    boolean active,
    boolean complete,
    boolean deadlineExceeded,
    int desired,
    int updated,
    int ready,
    int available,
    int total) {
  /** The state of a revision. */
  public static RolloutState of(Optional<Deployment> deployment, String hash) {
    if (deployment.isEmpty()) {
      return new RolloutState(false, false, false, 0, 0, 0, 0, 0);
    }
    DeploymentSpec spec = deployment.get().getSpec();
    DeploymentStatus status =
        Objects.requireNonNullElseGet(deployment.get().getStatus(), DeploymentStatus::new);
    boolean current =
        number(status.getObservedGeneration())
            >= number(deployment.get().getMetadata().getGeneration());
    boolean active = current && hash.equals(revisionOf(spec).orElse(null));
    int desired = spec.getReplicas() == null ? 1 : spec.getReplicas();
    int updated = number(status.getUpdatedReplicas());
    int available = number(status.getAvailableReplicas());
    int total = number(status.getReplicas());
    return new RolloutState(
        active,
        active && updated == desired && available == desired && total == desired,
        active
            && condition(deployment.get(), "Progressing").map(RolloutState::gaveUp).orElse(false),
        desired,
        updated,
        number(status.getReadyReplicas()),
        available,
        total);
  }

  /** The revision that a Deployment's template carries. */
  public static Optional<String> revisionOf(DeploymentSpec spec) {
    Map<String, String> labels = spec.getTemplate().getMetadata().getLabels();
    return Optional.ofNullable(labels).map(l -> l.get(Labels.REVISION));
  }

  /** The condition of a type, if the Deployment has it. */
  public static Optional<DeploymentCondition> condition(Deployment deployment, String type) {
    if (deployment.getStatus() == null) {
      return Optional.empty();
    }
    return deployment.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst();
  }

  private static boolean gaveUp(DeploymentCondition progressing) {
    return "False".equals(progressing.getStatus())
        && "ProgressDeadlineExceeded".equals(progressing.getReason());
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private static long number(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
