package dev.modelserver.operator.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.observe.PreflightReport;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A revision as a ControllerRevision: the rendered template and configuration in its immutable
 * data, what was learned of it in annotations.
 */
public final class RevisionRecord {
  private static final String PROVEN = "modelserver.dev/proven-at";
  private static final String ROLLED_BACK = "modelserver.dev/rolled-back";
  private static final String MANUAL = "modelserver.dev/rollback-to";
  private static final String BASELINE = "modelserver.dev/baseline";
  private static final String PIN = "modelserver.dev/pin";
  private static final String PREFLIGHT = "modelserver.dev/preflight";
  private static final List<String> FACTS =
      List.of(PROVEN, ROLLED_BACK, MANUAL, BASELINE, PIN, PREFLIGHT);
  private static final ObjectMapper JSON = new ObjectMapper();

  private RevisionRecord() {}

  /** The ControllerRevision of a revision. */
  public static ControllerRevision of(Revision revision, ObjectMeta metadata) {
    Map<String, String> annotations = new TreeMap<>();
    if (revision.provenAt() > 0) {
      annotations.put(PROVEN, Long.toString(revision.provenAt()));
    }
    revision.rolledBack().ifPresent(mark -> annotations.put(ROLLED_BACK, write(mark)));
    revision.manual().ifPresent(wish -> annotations.put(MANUAL, write(wish)));
    revision.facts().baseline().ifPresent(text -> annotations.put(BASELINE, text));
    revision.pin().ifPresent(digest -> annotations.put(PIN, digest));
    revision.report().ifPresent(report -> annotations.put(PREFLIGHT, write(report)));
    return new ControllerRevisionBuilder()
        .withMetadata(new ObjectMetaBuilder(metadata).withAnnotations(annotations).build())
        .withRevision(revision.number())
        .withData(revision.data())
        .build();
  }

  static JsonNode data(Rendered rendered) {
    // Through text, so that numbers have the types that reading them back gives.
    return tree(
        write(
            new TreeMap<>(
                Map.of(
                    "template", rendered.template(), "config", new TreeMap<>(rendered.config())))));
  }

  /** What was learned of a revision, and its number. */
  static Map<String, Object> facts(ControllerRevision record) {
    Map<String, String> annotations =
        Optional.ofNullable(record.getMetadata().getAnnotations()).orElse(Map.of());
    Map<String, Object> facts = new TreeMap<>();
    FACTS.forEach(
        key -> {
          String value = annotations.get(key);
          if (value != null) {
            facts.put(key, value);
          }
        });
    facts.put("revision", record.getRevision());
    return facts;
  }

  /** The digest that the revision of a record is pinned to. */
  static Optional<String> pin(ControllerRevision record) {
    return Optional.ofNullable(record.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(PIN))
        .filter(digest -> digest.matches("[0-9a-f]{64}"));
  }

  /** JSON of what a record holds. */
  static String text(@Nullable Object value) {
    return write(value);
  }

  /** Reads a ControllerRevision; empty if it is not one of ours. */
  public static Optional<Revision> parse(ControllerRevision stored) {
    Map<String, String> annotations =
        Optional.ofNullable(stored.getMetadata().getAnnotations()).orElse(Map.of());
    // The last part of the name, which nobody can edit.
    String name = stored.getMetadata().getName();
    String hash = name.substring(name.lastIndexOf('-') + 1);
    try {
      JsonNode data = JSON.readTree(JSON.writeValueAsString(stored.getData()));
      if (!data.hasNonNull("template") || !data.hasNonNull("config")) {
        return Optional.empty();
      }
      return Optional.of(
          new Revision(
              hash,
              stored.getRevision(),
              JSON.convertValue(data.get("template"), PodTemplateSpec.class),
              JSON.convertValue(data.get("config"), new TypeReference<Map<String, String>>() {}),
              data,
              Optional.ofNullable(stored.getMetadata().getCreationTimestamp()),
              new Facts(
                  number(annotations.get(PROVEN)),
                  read(annotations.get(ROLLED_BACK), RolledBack.class)
                      .filter(m -> m.to() != null && m.reason() != null)
                      .filter(m -> m.message() != null && m.retryToken() != null),
                  read(annotations.get(MANUAL), ManualRollback.class)
                      .filter(m -> m.request() != null && m.to() != null),
                  Optional.ofNullable(annotations.get(BASELINE)),
                  pin(stored),
                  PreflightReport.parse(annotations.get(PREFLIGHT)))));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // Deeper than anything of ours, or of other types: somebody else wrote it.
      return Optional.empty();
    }
  }

  private static String write(@Nullable Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a revision cannot be written", e);
    }
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a revision cannot be read", e);
    }
  }

  // Somebody may edit the annotations: what they no longer say is observed anew.

  private static long number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private static <T> Optional<T> read(@Nullable String text, Class<T> type) {
    try {
      return text == null ? Optional.empty() : Optional.ofNullable(JSON.readValue(text, type));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
