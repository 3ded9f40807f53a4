package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.apply.Writes;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.resolve.Resolution;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.resolve.Resolver;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.status.StatusFactory;
import java.util.Optional;

/**
 * The last good revision goes on, whole, beside a spec that cannot be rendered.
 *
 * @param around what can be followed of the spec, and what is there of the rest
 * @param good the revision; empty: none was ever good
 */
record LastGoodKept(
    ModelServer primary,
    Resolution.Rejected rejected,
    ResolvedModelServer around,
    Optional<Revision> good,
    Seen seen)
    implements Course {
  static LastGoodKept plan(ModelServer primary, Resolution.Rejected rejected, Seen seen) {
    ResolvedModelServer around =
        Resolver.around(primary, rejected.followed(), Scales.asTheyAre(seen.objects()))
            .without(seen.objects().outside().taken());
    return new LastGoodKept(
        primary,
        rejected,
        around,
        RevisionPlanner.lastGood(Course.believed(primary, seen).history()),
        seen);
  }

  @Override
  public Optional<DesiredObjects> objects() {
    return good.map(revision -> DesiredObjects.keeping(around, revision));
  }

  @Override
  public Writes.Outcome apply(Optional<DesiredObjects> objects, PassWriter writer) {
    return objects
        .map(
            wanted ->
                writer
                    .attempt(around.held())
                    .keep(around, rejected.followed(), wanted, seen.objects()))
        .orElse(Writes.Outcome.NONE);
  }

  @Override
  public Optional<Scaling> scaling() {
    return rejected.followed().scaling();
  }

  @Override
  public Report report(StatusFactory statuses, Writes.Outcome outcome) {
    return new Report(
        statuses.rejected(primary, rejected.problems(), seen.objects(), good), Optional.empty());
  }
}
