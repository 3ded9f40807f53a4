package dev.modelserver.operator.revision;

import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import dev.modelserver.operator.names.Reason;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stored records, as far as they can be believed.
 *
 * @param history the revisions that the status confirms; without what was learned of them, where
 *     that was changed
 * @param believed the records of these that are as they were written
 * @param ignored the other records, which are written anew or go
 * @param verified whether there was a status to compare them with
 */
public record StoredRevisions(
    List<Revision> history,
    List<ControllerRevision> believed,
    List<ControllerRevision> ignored,
    boolean verified) {
  /**
   * Compares records with what the status says of them.
   *
   * @param stored the records
   * @param said by the status; empty: it knows none
   * @param renderable whether the operator could have made a revision
   */
  public static StoredRevisions of(
      List<ControllerRevision> stored,
      List<RecordedRevision> said,
      Predicate<Revision> renderable) {
    Map<String, RecordedRevision> known = new HashMap<>();
    said.forEach(record -> known.put(record.name(), record));
    List<Revision> history = new ArrayList<>();
    List<ControllerRevision> believed = new ArrayList<>();
    List<ControllerRevision> ignored = new ArrayList<>();
    for (ControllerRevision record : stored) {
      RecordedRevision confirmed = known.get(record.getMetadata().getName());
      Optional<Revision> revision =
          confirmed == null ? Optional.empty() : read(record, confirmed, renderable);
      boolean whole =
          revision.isPresent()
              && confirmed != null
              && confirmed.facts().containsAll(RecordHashes.of(record).facts());
      (whole ? believed : ignored).add(record);
      revision.map(r -> whole ? r : r.forgotten(pin(confirmed))).ifPresent(history::add);
    }
    return new StoredRevisions(history, believed, ignored, !said.isEmpty());
  }

  private static Optional<String> pin(@Nullable RecordedRevision confirmed) {
    return Optional.ofNullable(confirmed).map(RecordedRevision::pin);
  }

  private static Optional<Revision> read(
      ControllerRevision record, RecordedRevision confirmed, Predicate<Revision> renderable) {
    try {
      return RecordHashes.of(record).data().equals(confirmed.data())
          ? RevisionRecord.parse(record).filter(renderable)
          : Optional.empty();
    } catch (RuntimeException e) {
      // Whatever is in it that has no hash: the operator did not write it.
      return Optional.empty();
    }
  }

  /** The same once the ignored ones are gone. */
  public StoredRevisions withoutIgnored() {
    return new StoredRevisions(history, believed, List.of(), verified);
  }

  /** Why records are ignored: a reason and a sentence; empty: none is. */
  public Optional<Map.Entry<String, String>> whyIgnored() {
    if (ignored.isEmpty()) {
      return Optional.empty();
    }
    String names =
        String.join(", ", ignored.stream().limit(5).map(r -> r.getMetadata().getName()).toList());
    return Optional.of(
        verified
            ? Map.entry(
                Reason.REVISION_TAMPERED.word(),
                "ControllerRevision %s is not as the operator wrote it, and is not used: find out who may write controllerrevisions in this namespace, and which admission changes them"
                    .formatted(names))
            : Map.entry(
                Reason.REVISION_UNVERIFIED.word(),
                "ControllerRevision %s is not known to the status, as after a restored backup, and is not used: the spec is rendered anew"
                    .formatted(names)));
  }
}
