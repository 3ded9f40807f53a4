package dev.modelserver.operator.diagnosis;

import dev.modelserver.operator.diagnosis.Diagnosis.Evidence;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.RolloutState;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import java.util.Optional;

/** Checks on the Deployment of a revision. */
final class DeploymentChecks {
  private DeploymentChecks() {}

  /** The API server refuses the pods: quota, limit range, Pod Security, another admission. */
  static Optional<Cause> podsRefused(Evidence evidence) {
    return evidence
        .observed()
        .deployment()
        .flatMap(d -> RolloutState.condition(d, "ReplicaFailure"))
        .filter(c -> "True".equals(c.getStatus()))
        .map(DeploymentCondition::getMessage)
        .map(words -> Cause.transientCause(RefusalWords.reason(words), sentence(words)));
  }

  /** Nothing else is known than that time is up. */
  static Optional<Cause> deadlineExceeded(Evidence evidence) {
    return evidence
        .observed()
        .deployment()
        .filter(_ -> evidence.rollout().deadlineExceeded())
        .flatMap(d -> RolloutState.condition(d, "Progressing"))
        .map(
            c ->
                Cause.transientCause(
                    Reason.PROGRESS_DEADLINE_EXCEEDED,
                    "The rollout made no progress in time (%s): read kubectl describe of its pods"
                        .formatted(c.getMessage())));
  }

  private static String sentence(String words) {
    return "The API server refuses the pods (%s): %s".formatted(words, RefusalWords.remedy(words));
  }
}
