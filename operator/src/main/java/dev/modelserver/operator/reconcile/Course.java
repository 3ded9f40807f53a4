package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.Writes;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.desired.RenderableTemplate;
import dev.modelserver.operator.resolve.Resolution;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.revision.StoredRevisions;
import dev.modelserver.operator.status.StatusFactory;
import java.util.List;
import java.util.Optional;

/** What a pass does with a spec: it is followed, or the last good revision is kept beside it. */
sealed interface Course permits SpecFollowed, LastGoodKept {
  /** Plans it; writes nothing. */
  static Course plan(ModelServer primary, Resolution resolution, Seen seen) {
    return switch (resolution) {
      case Resolution.Accepted accepted -> SpecFollowed.plan(primary, accepted.server(), seen);
      case Resolution.Rejected rejected -> LastGoodKept.plan(primary, rejected, seen);
    };
  }

  /** The objects that are wanted; empty where nothing may be touched. */
  Optional<DesiredObjects> objects();

  /** Writes them, and what is wanted instead where the API server refuses the Deployment. */
  Writes.Outcome apply(Optional<DesiredObjects> objects, PassWriter writer);

  /** Who decides the number of pods, as far as the spec can be read. */
  Optional<Scaling> scaling();

  /** What is said of it. */
  Report report(StatusFactory statuses, Writes.Outcome outcome);

  /** The stored revisions, as far as the status confirms them. */
  static StoredRevisions believed(ModelServer primary, Seen seen) {
    ModelServerStatus status = primary.getStatus();
    return StoredRevisions.of(
        seen.records(),
        status == null || status.revisions() == null ? List.of() : status.revisions(),
        revision -> RenderableTemplate.of(revision.template()));
  }
}
