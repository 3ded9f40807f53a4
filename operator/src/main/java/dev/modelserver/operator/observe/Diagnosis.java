package dev.modelserver.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds why a revision does not run well: an ordered list of checks, nearest to the root first; the
 * first that finds something gives reason and sentence.
 */
public final class Diagnosis {
  private static final List<Function<Evidence, Optional<Cause>>> CHECKS =
      List.of(
          PodChecks::preflightFailed,
          PodChecks::outOfMemory,
          PodChecks::imageNotPulled,
          PodChecks::containerNotCreated,
          EventChecks::notMounted,
          PodChecks::notScheduled,
          PodChecks::crashed,
          DeploymentChecks::podsRefused,
          PodChecks::notReady,
          DeploymentChecks::deadlineExceeded);

  /** What the checks look at. */
  record Evidence(Observed observed, List<Pod> pods, RolloutState rollout) {}

  private Diagnosis() {}

  /** The cause, if the Deployment carries this revision and something is wrong with it. */
  public static Optional<Cause> of(Observed observed, String hash, RolloutState rollout) {
    if (!rollout.active() || rollout.complete()) {
      return Optional.empty();
    }
    Evidence evidence = new Evidence(observed, living(observed.podsOf(hash)), rollout);
    return CHECKS.stream()
        .map(check -> check.apply(evidence))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** An evicted pod stays on record for days: what it says is history. */
  private static List<Pod> living(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getStatus() == null || !"Failed".equals(pod.getStatus().getPhase()))
        .toList();
  }

  static <T> Optional<T> first(List<Pod> pods, Function<Pod, Stream<T>> find) {
    return pods.stream().flatMap(find).findFirst();
  }
}
