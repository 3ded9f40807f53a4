package dev.modelserver.operator.reconcile;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.Server;
import dev.modelserver.operator.apply.Writes;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.resolve.Access;
import dev.modelserver.operator.resolve.Resolution;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.resolve.Resolver;
import dev.modelserver.operator.revision.Roots;
import dev.modelserver.operator.revision.Standby;
import dev.modelserver.operator.status.StatusFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last good revision goes on, whole, beside a spec that cannot be rendered.
 *
 * @param around what can be followed of the spec, and what is there of the rest
 * @param standby the revision, or why there is none
 */
record LastGoodKept(
    ModelServer primary,
    Resolution.Rejected rejected,
    ResolvedModelServer around,
    Standby standby,
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
        Standby.of(
            access(around, primary), Course.believed(primary, seen).history(), seen.objects()),
        seen);
  }

  /** As far as the spec can be read. */
  private static Optional<Access> access(ResolvedModelServer around, ModelServer primary) {
    return Optional.ofNullable(primary.getSpec())
        .filter(_ -> primary.unreadable() == null)
        .map(spec -> requireNonNullElse(spec.server(), Server.NOTHING))
        .map(server -> Access.of(around.owner(), server));
  }

  @Override
  public Optional<DesiredObjects> objects() {
    return standby
        .revision()
        .map(
            revision ->
                DesiredObjects.keeping(
                    around,
                    revision,
                    Roots.of(
                        around.exposure().root(), List.of(revision), seen.objects().outside())));
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
        statuses.rejected(
            primary,
            Stream.concat(rejected.problems().stream(), standby.problem().stream()).toList(),
            seen.objects(),
            standby.revision()),
        Optional.empty());
  }
}
