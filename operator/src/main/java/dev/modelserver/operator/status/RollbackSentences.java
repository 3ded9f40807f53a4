package dev.modelserver.operator.status;

import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.revision.ManualRollback;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RolledBack;
import dev.modelserver.operator.snapshot.RolloutState;
import java.util.List;
import java.util.Optional;

/** What the status says while another revision runs in place of the spec's. */
final class RollbackSentences {
  private RollbackSentences() {}

  /** The condition RolledBack; its reason is why. */
  static Optional<Verdict> rolledBack(Situation s) {
    RevisionPlan plan = s.plan();
    if (plan.byHand()) {
      return Optional.of(Verdict.yes(ConditionType.ROLLED_BACK, Reason.MANUAL_ROLLBACK, byHand(s)));
    }
    return plan.current()
        .rolledBack()
        .filter(_ -> plan.rolledBack())
        .map(mark -> Verdict.yes(ConditionType.ROLLED_BACK, mark.reason(), failed(s, mark)));
  }

  /** The condition Ready, if it is the rollback that keeps it False. */
  static Optional<Verdict> notReady(Situation s) {
    return rolledBack(s)
        .map(
            verdict ->
                Verdict.no(
                    ConditionType.READY,
                    s.plan().byHand() ? Reason.MANUAL_ROLLBACK : Reason.ROLLED_BACK,
                    verdict.message()));
  }

  /**
   * Why nothing is rolled back automatically, where that is because of the TLS or the tokens that
   * the spec asks for.
   */
  static Optional<String> impossible(Situation s) {
    return s.plan()
        .lastGood()
        .filter(good -> !good.hash().equals(s.plan().current().hash()))
        .filter(_ -> s.server().rollout().rollsBack())
        .flatMap(
            good -> {
              List<String> missing = good.access().missing(s.server().workload().access());
              return missing.isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      " (there is no automatic rollback to revision %s, because %s; it keeps trying)"
                          .formatted(good.title(), String.join("; ", missing)));
            });
  }

  private static String failed(Situation s, RolledBack mark) {
    return "Revision %s failed and revision %s runs in its place (%s: %s): fix the spec, or set the annotation modelserver.dev/retry to try it again"
        .formatted(
            s.plan().current().title(), s.plan().target().title(), mark.reason(), mark.message());
  }

  private static String byHand(Situation s) {
    RevisionPlan plan = s.plan();
    return "Revision %s %s in place of %s, because the annotation modelserver.dev/rollback-to is \"%s\": remove it to come back to the spec, or change the spec"
        .formatted(
            plan.target().title(),
            progress(s),
            plan.current().title(),
            plan.current().manual().map(ManualRollback::request).orElse(""));
  }

  private static String progress(Situation s) {
    RolloutState rollout = RolloutState.of(s.observed().deployment(), s.plan().target().hash());
    if (rollout.complete()) {
      return "runs";
    }
    return s.server().rollout().paused()
        ? "waits for spec.rollout.paused to become false, to run"
        : "is being rolled out (%d of %d pods are of it)"
            .formatted(rollout.active() ? rollout.updated() : 0, s.desired());
  }
}
