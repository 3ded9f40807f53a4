package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records of revisions that an admission changed on their way into the API server. What is stored
 * is not what the status confirms, so that it would look like a forged record in each pass; as long
 * as it is exactly what the API server answered, the record that was written counts.
 */
final class ChangedRecords {
  private static final int MOST = 1_000;

  private final Map<String, Written> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Written> eldest) {
          return size() > MOST;
        }
      };

  /** A record as it was written, and the version that the API server made of it. */
  private record Written(String version, ControllerRevision record) {}

  /**
   * Remembers a record whose content was changed; forgets one that was not.
   *
   * @param sent the record as JSON
   * @param stored the answer as JSON
   */
  synchronized void answered(
      ControllerRevision record, ControllerRevision answer, JsonNode sent, JsonNode stored) {
    String uid = answer.getMetadata().getUid();
    written.remove(uid);
    if (!content(sent).equals(content(stored))) {
      written.put(uid, new Written(answer.getMetadata().getResourceVersion(), record));
    }
  }

  synchronized void forget(String uid) {
    written.remove(uid);
  }

  synchronized boolean changed(ControllerRevision stored) {
    return find(stored) != null;
  }

  /** The stored record with the content that was written. */
  synchronized ControllerRevision asWritten(ControllerRevision stored) {
    Written last = find(stored);
    return last == null
        ? stored
        : new ControllerRevisionBuilder()
            .withMetadata(
                new ObjectMetaBuilder(stored.getMetadata())
                    .withAnnotations(last.record().getMetadata().getAnnotations())
                    .build())
            .withRevision(last.record().getRevision())
            .withData(last.record().getData())
            .build();
  }

  private @Nullable Written find(ControllerRevision stored) {
    Written last = written.get(stored.getMetadata().getUid());
    return last != null && last.version().equals(stored.getMetadata().getResourceVersion())
        ? last
        : null;
  }

  /** What StoredRevisions compares with the status; labels are not. */
  private static List<Object> content(JsonNode record) {
    Map<String, JsonNode> facts = new TreeMap<>();
    record
        .at("/metadata/annotations")
        .properties()
        .forEach(
            annotation -> {
              if (annotation.getKey().startsWith("modelserver.dev/")) {
                facts.put(annotation.getKey(), annotation.getValue());
              }
            });
    return List.of(record.path("data"), record.path("revision").asLong(), facts);
  }
}
