package dev.modelserver.operator.status;

import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.OverriddenField;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.diagnosis.RunningPreflight;
import dev.modelserver.operator.diagnosis.ServerCrash;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.RolloutState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a status is computed from.
 *
 * @param server the resolved spec
 * @param plan what was decided over revisions
 * @param observed the cluster as it was seen
 * @param refusals objects that could not be written
 * @param optionalRefusals why objects that no model needs could not be written or deleted, by their
 *     kind
 * @param waiting objects that wait to be written, because reconciliation is paused
 * @param ignored why stored records of revisions were not used: a reason and a sentence
 * @param previous the status before, if any
 * @param notes sentences for `Ready` about what was left out of objects
 * @param overridden fields that an admission of the cluster changes
 */
public record Situation(
    ResolvedModelServer server,
    RevisionPlan plan,
    Observed observed,
    List<Refusal> refusals,
    Map<Class<?>, Refusal> optionalRefusals,
    List<String> waiting,
    Optional<Map.Entry<String, String>> ignored,
    Optional<ModelServerStatus> previous,
    List<String> notes,
    List<OverriddenField> overridden) {

  /** Why the object of an optional kind could not be written or deleted. */
  Optional<Refusal> refusalOf(Class<?> kind) {
    return Optional.ofNullable(optionalRefusals.get(kind));
  }

  /** How far the current revision has come. */
  RolloutState rollout() {
    return RolloutState.of(observed.deployment(), plan.current().hash());
  }

  /** Whether the current revision failed for longer than the progress deadline. */
  boolean overdue() {
    return plan.cause().isPresent()
        && (rollout().deadlineExceeded()
            || (rollout().active()
                && observed.overdue(plan.current().hash(), server.rollout().progressDeadline())));
  }

  /** The newest crash of the current revision's servers. */
  public Optional<ServerCrash> crash() {
    return ServerCrash.newest(observed, plan.current().hash());
  }

  /** A preflight of the current revision that has run for long. */
  Optional<RunningPreflight> preflight() {
    return RunningPreflight.longest(observed, plan.current().hash());
  }

  /**
   * Why no pod of a revision that serves can be replaced: the file is another one than it began
   * with.
   */
  Optional<String> irreplaceable() {
    return plan.cause()
        .filter(cause -> Reason.DIGEST_MISMATCH.is(cause.reason()))
        .filter(_ -> plan.current().proven() && !plan.rolledBack())
        .map(
            cause ->
                "No pod of revision %s can be replaced or added: %s"
                    .formatted(plan.current().title(), cause.message()));
  }

  /** Number of pods that are wanted now. */
  int desired() {
    return observed.deployment().isPresent() ? rollout().desired() : server.scaling().floor();
  }

  /** A refusal that a person must look at. */
  Optional<Refusal> refusal() {
    return refusals.stream().filter(r -> !r.passing()).findFirst();
  }

  /** A refusal that passes by itself, but not at once: it holds up a rollout. */
  Optional<Refusal> outage() {
    return refusals.stream().filter(Refusal::passing).filter(r -> !r.conflict()).findFirst();
  }

  /** Fewest pods with which the ModelServer is ready. */
  int minimum() {
    return Minimum.of(desired(), server.disruption().maxUnavailable());
  }
}
