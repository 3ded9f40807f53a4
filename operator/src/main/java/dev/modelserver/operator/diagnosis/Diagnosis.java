package dev.modelserver.operator.diagnosis;

import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.RolloutState;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds why a revision does not run well: an ordered list of checks, nearest to the root first; the
 * first that finds something gives reason and sentence.
 */
public final class Diagnosis {
  private static final List<Function<Evidence, Optional<Cause>>> CHECKS =
      List.of(
          PodChecks::preflightFailed,
          MemoryChecks::outOfMemory,
          ContainerChecks::imageNotPulled,
          ContainerChecks::containerNotCreated,
          EventChecks::notMounted,
          EventChecks::noSandbox,
          PodChecks::notScheduled,
          ContainerChecks::crashed,
          DeploymentChecks::podsRefused,
          PodChecks::evicted,
          PodChecks::inPreflight,
          PodChecks::notReady,
          DeploymentChecks::deadlineExceeded);

  /**
   * What the checks look at.
   *
   * @param pods pods of the revision that are not over
   * @param failed pods of the revision that are: evicted, or refused by their node
   */
  record Evidence(Observed observed, List<Pod> pods, List<Pod> failed, RolloutState rollout) {}

  private Diagnosis() {}

  /** The cause, if the Deployment carries this revision and something is wrong with it. */
  public static Optional<Cause> of(Observed observed, String hash, RolloutState rollout) {
    if (!rollout.active() || rollout.complete()) {
      return Optional.empty();
    }
    Map<Boolean, List<Pod>> pods =
        observed.podsOf(hash).stream().collect(Collectors.partitioningBy(Diagnosis::over));
    Evidence evidence =
        new Evidence(
            observed,
            Objects.requireNonNull(pods.get(false)),
            Objects.requireNonNull(pods.get(true)),
            rollout);
    return CHECKS.stream()
        .map(check -> check.apply(evidence))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Such a pod stays on record for days, and is replaced: its containers are history. */
  private static boolean over(Pod pod) {
    return pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase());
  }

  static <T> Optional<T> first(List<Pod> pods, Function<Pod, Stream<T>> find) {
    return pods.stream().flatMap(find).findFirst();
  }
}
