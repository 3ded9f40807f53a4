package dev.modelserver.operator.status;

import dev.modelserver.operator.api.v1alpha1.RevisionStatus;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import java.util.Comparator;
import java.util.List;

/** The newest revisions, as the status tells them. */
final class History {
  private static final int LONGEST = 10;

  private History() {}

  static List<RevisionStatus> of(Owner owner, RevisionPlan plan) {
    return plan.kept().stream()
        .sorted(Comparator.comparingLong(Revision::number).reversed())
        .limit(LONGEST)
        .map(revision -> entry(owner, revision, plan.current().hash()))
        .toList();
  }

  private static RevisionStatus entry(Owner owner, Revision revision, String current) {
    return new RevisionStatus(
        revision.number(),
        Names.revision(owner, revision.hash()),
        revision.version().orElse(null),
        revision.digest().map(StatusFactory::shortened).orElse(null),
        revision.created().orElse(null),
        revision.outcome(current).word(),
        revision.outcomeReason().orElse(null));
  }
}
