package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.apply.Writes;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.desired.Rendering;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.revision.RefusedDeployment;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.StoredRevisions;
import dev.modelserver.operator.status.Conditions;
import dev.modelserver.operator.status.IgnoredRecords;
import dev.modelserver.operator.status.Situation;
import dev.modelserver.operator.status.StatusFactory;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The spec is followed: its revision runs, or another one in its place.
 *
 * @param server the resolved spec
 * @param records the stored revisions
 * @param plan what was decided over revisions
 */
record SpecFollowed(
    ModelServer primary,
    ResolvedModelServer server,
    StoredRevisions records,
    RevisionPlan plan,
    Seen seen)
    implements Course {
  static SpecFollowed plan(ModelServer primary, ResolvedModelServer resolved, Seen seen) {
    ResolvedModelServer server = resolved.without(seen.objects().outside().taken());
    StoredRevisions records = Course.believed(primary, seen);
    RevisionPlan plan =
        RevisionPlanner.plan(server, records.history(), seen.objects(), () -> Rendering.of(server));
    return new SpecFollowed(primary, server, records, plan, seen);
  }

  @Override
  public Optional<DesiredObjects> objects() {
    return Optional.of(DesiredObjects.of(server, plan));
  }

  @Override
  public Writes.Outcome apply(Optional<DesiredObjects> objects, PassWriter writer) {
    // Before ignored records are deleted: if the pass stops in between, the next one finds no
    // trace of them.
    IgnoredRecords.telling(primary, records, seen.objects().now()).ifPresent(writer::status);
    Writes.Outcome outcome =
        attempt(writer, plan, records, objects.orElseGet(() -> DesiredObjects.of(server, plan)));
    return outcome
        .deployment()
        .map(this::refused)
        .flatMap(refused -> instead(writer, refused))
        .orElse(outcome);
  }

  /**
   * The last good revision in place of one whose Deployment is refused, and then the mark of a
   * rollback. Empty where the first outcome stands.
   */
  private Optional<Writes.Outcome> instead(PassWriter writer, RefusedDeployment refused) {
    Optional<RevisionPlan> instead = refused.instead();
    if (instead.isEmpty()) {
      return Optional.empty();
    }
    StoredRevisions left = records.withoutIgnored();
    Writes.Outcome kept = attempt(writer, instead.get(), left);
    // Where that one is refused as well, it is not the revision that is wrong.
    return kept.deployment().isPresent()
        ? Optional.empty()
        : refused.rolledBack(instead.get()).map(plan -> attempt(writer, plan, left));
  }

  private Writes.Outcome attempt(PassWriter writer, RevisionPlan chosen, StoredRevisions left) {
    return attempt(writer, chosen, left, DesiredObjects.of(server, chosen));
  }

  private Writes.Outcome attempt(
      PassWriter writer, RevisionPlan chosen, StoredRevisions left, DesiredObjects objects) {
    return writer.attempt(server.held()).run(server, chosen, objects, left, seen.objects());
  }

  private RefusedDeployment refused(Refusal refusal) {
    return RefusedDeployment.of(
        server, plan, refusal.cause(), since(refusal).orElse(seen.objects().now()), seen.objects());
  }

  /** Since when the status tells this refusal, of the present spec. */
  private Optional<Instant> since(Refusal refusal) {
    return Conditions.find(Conditions.of(primary.getStatus()), ConditionType.READY)
        .filter(ready -> refusal.reason().is(ready.reason()))
        .filter(
            ready ->
                Objects.equals(ready.observedGeneration(), primary.getMetadata().getGeneration()))
        .map(ready -> Instant.parse(ready.lastTransitionTime()));
  }

  @Override
  public Optional<Scaling> scaling() {
    return Optional.of(server.scaling());
  }

  @Override
  public Report report(StatusFactory statuses, Writes.Outcome outcome) {
    Situation situation =
        new Situation(
            server,
            outcome.plan().orElse(plan),
            seen.objects(),
            outcome.refusals(),
            outcome.optional(),
            outcome.held(),
            IgnoredRecords.why(primary, records, outcome.replaced()),
            Optional.ofNullable(primary.getStatus()),
            outcome.notes(),
            outcome.overridden());
    return new Report(statuses.of(primary, situation), situation.crash());
  }
}
