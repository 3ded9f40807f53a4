package dev.modelserver.operator.status;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.revision.StoredRevisions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Why stored objects of revisions were not used: the condition RevisionIgnored. */
public final class IgnoredRecords {
  private IgnoredRecords() {}

  /**
   * A reason and a sentence; of an earlier pass, it is told until the spec changes.
   *
   * @param replaced objects that somebody else had written, and that were written anew
   */
  public static Optional<Map.Entry<String, String>> why(
      ModelServer primary, StoredRevisions records, List<String> replaced) {
    return records.whyIgnored().or(() -> replaced(replaced)).or(() -> told(primary));
  }

  /** The status that tells of records that are about to be deleted; empty if it does already. */
  public static Optional<ModelServerStatus> telling(
      ModelServer primary, StoredRevisions records, Instant now) {
    return records
        .whyIgnored()
        .filter(why -> !told(primary).equals(Optional.of(why)))
        .map(
            why ->
                Objects.requireNonNullElse(primary.getStatus(), ModelServerStatus.NONE)
                    .telling(
                        Conditions.ignored(
                            Conditions.of(primary.getStatus()),
                            why,
                            primary.getMetadata().getGeneration(),
                            now)));
  }

  private static Optional<Map.Entry<String, String>> replaced(List<String> objects) {
    return objects.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Map.entry(
                Reason.REVISION_TAMPERED.word(),
                "%s was not as the operator wrote it, and was replaced: find out who may write configmaps in this namespace"
                    .formatted(String.join(", ", objects))));
  }

  private static Optional<Map.Entry<String, String>> told(ModelServer primary) {
    return Conditions.find(Conditions.of(primary.getStatus()), ConditionType.REVISION_IGNORED)
        .filter(
            told ->
                Objects.equals(told.observedGeneration(), primary.getMetadata().getGeneration()))
        .map(told -> Map.entry(told.reason(), told.message()));
  }
}
