package dev.modelserver.operator.revision;

import dev.modelserver.operator.diagnosis.Cause;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.RolloutState;
import java.time.Instant;
import java.util.Optional;

/**
 * What is followed after the API server refused the Deployment of a plan; pure.
 *
 * @param server the resolved spec
 * @param plan the plan whose Deployment was refused
 * @param refusal why
 * @param over whether it is a reason to roll back: at once where it is final, at the deadline where
 *     somebody may allow it yet
 * @param there whether pods or the Deployment of the current revision are there
 * @param running the revision that the Deployment carries
 */
public record RefusedDeployment(
    ResolvedModelServer server,
    RevisionPlan plan,
    Cause refusal,
    boolean over,
    boolean there,
    Optional<String> running) {
  /**
   * Judges a refusal.
   *
   * @param since when it was first refused
   */
  public static RefusedDeployment of(
      ResolvedModelServer server,
      RevisionPlan plan,
      Cause refusal,
      Instant since,
      Observed observed) {
    boolean late = since.plus(server.rollout().progressDeadline()).isBefore(observed.now());
    boolean allowed = plan.lastGood().filter(good -> safe(server, good)).isPresent();
    return new RefusedDeployment(
        server,
        plan,
        refusal,
        (refusal.isFinal() || late)
            && server.rollout().rollsBack()
            && !server.rollout().paused()
            && allowed,
        observed.deployment().isPresent() && observed.revisions().contains(plan.current().hash()),
        observed.deployment().flatMap(d -> RolloutState.revisionOf(d.getSpec())));
  }

  /** Whether a revision has the TLS and the tokens that the spec asks for. */
  private static boolean safe(ResolvedModelServer server, Revision revision) {
    return revision.access().missing(server.workload().access()).isEmpty();
  }

  /**
   * The plan with the last good revision in place of the current one. Empty where there is none,
   * where the refusal passes by itself, where what is there of the current revision goes on until
   * it is given up, and where other pods would come to lack the TLS or the tokens of the spec.
   */
  public Optional<RevisionPlan> instead() {
    Revision current = plan.current();
    Optional<Revision> good =
        plan.lastGood()
            .filter(r -> !r.hash().equals(current.hash()))
            .filter(r -> safe(server, r) || running.filter(r.hash()::equals).isPresent());
    return plan.rolledBack() || refusal.passing() || (there && !over)
        ? Optional.empty()
        : good.map(
            revision ->
                new RevisionPlan(
                    current,
                    revision,
                    good,
                    plan.kept(),
                    plan.cause(),
                    plan.problem(),
                    plan.encryption(),
                    plan.roots()));
  }

  /** The same plan with the mark of a rollback, where it is a reason for one. */
  public Optional<RevisionPlan> rolledBack(RevisionPlan instead) {
    return over ? Optional.of(marked(instead)) : Optional.empty();
  }

  private RevisionPlan marked(RevisionPlan instead) {
    Revision marked =
        instead
            .current()
            .marked(
                Optional.of(
                    new RolledBack(
                        instead.target().hash(),
                        refusal.reason(),
                        refusal.message(),
                        server.retryToken())));
    return new RevisionPlan(
        marked,
        instead.target(),
        instead.lastGood(),
        instead.kept().stream().map(r -> r.hash().equals(marked.hash()) ? marked : r).toList(),
        Optional.of(refusal),
        instead.problem(),
        instead.encryption(),
        instead.roots());
  }
}
