package dev.modelserver.operator.revision;

import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What {@code status.revisions} says of records. Users may write records, but not a status: a
 * record counts only as far as the status confirms it.
 */
public final class RecordHashes {
  private RecordHashes() {}

  /** Of a record as it is written or stored. */
  static RecordedRevision of(ControllerRevision record) {
    return new RecordedRevision(
        record.getMetadata().getName(),
        hash(RevisionRecord.text(record.getData())),
        List.of(hash(RevisionRecord.text(RevisionRecord.facts(record)))),
        RevisionRecord.pin(record).orElse(null));
  }

  /** Of records as they are written. */
  public static List<RecordedRevision> of(List<ControllerRevision> records) {
    return records.stream().map(RecordHashes::of).toList();
  }

  /**
   * What the status must say before records are written: what it said, so that a crash before them
   * makes nothing of it a lie, and what they will be. Empty where it says so already.
   *
   * @param said by the status
   * @param wanted of the records that will be written
   */
  public static Optional<List<RecordedRevision>> before(
      List<RecordedRevision> said, List<RecordedRevision> wanted) {
    Map<String, RecordedRevision> all = new LinkedHashMap<>();
    said.forEach(known -> all.put(known.name(), known));
    wanted.forEach(next -> all.merge(next.name(), next, (known, same) -> both(known, next)));
    List<RecordedRevision> merged = new ArrayList<>(all.values());
    return merged.equals(said) ? Optional.empty() : Optional.of(merged);
  }

  private static RecordedRevision both(RecordedRevision known, RecordedRevision next) {
    if (!known.data().equals(next.data())) {
      return next;
    }
    return new RecordedRevision(
        known.name(),
        known.data(),
        Stream.concat(known.facts().stream(), next.facts().stream()).distinct().toList(),
        next.pin() == null ? known.pin() : next.pin());
  }

  private static String hash(String json) {
    try {
      byte[] canonical =
          new JsonCanonicalizer(json).getEncodedString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a record has no canonical form", e);
    }
  }
}
