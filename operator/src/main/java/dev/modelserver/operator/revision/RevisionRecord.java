package dev.modelserver.operator.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.names.Annotations;
import dev.modelserver.operator.snapshot.PreflightReport;
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
  private static final List<String> FACTS =
      List.of(
          Annotations.PROVEN_AT,
          Annotations.ROLLED_BACK,
          Annotations.ROLLBACK_TO,
          Annotations.BASELINE,
          Annotations.PIN,
          Annotations.PREFLIGHT);
  private static final ObjectMapper JSON = new ObjectMapper();

  private RevisionRecord() {}

  /** The ControllerRevision of a revision. */
  public static ControllerRevision of(Revision revision, ObjectMeta metadata) {
    Map<String, String> annotations = new TreeMap<>();
    if (revision.provenAt() > 0) {
      annotations.put(Annotations.PROVEN_AT, Long.toString(revision.provenAt()));
    }
    revision.rolledBack().ifPresent(mark -> annotations.put(Annotations.ROLLED_BACK, write(mark)));
    revision.manual().ifPresent(wish -> annotations.put(Annotations.ROLLBACK_TO, write(wish)));
    revision.facts().baseline().ifPresent(text -> annotations.put(Annotations.BASELINE, text));
    revision.pin().ifPresent(digest -> annotations.put(Annotations.PIN, digest));
    revision.report().ifPresent(report -> annotations.put(Annotations.PREFLIGHT, write(report)));
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
        .map(annotations -> annotations.get(Annotations.PIN))
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
                  number(annotations.get(Annotations.PROVEN_AT)),
                  read(annotations.get(Annotations.ROLLED_BACK), RolledBack.class)
                      .filter(m -> m.to() != null && m.reason() != null)
                      .filter(m -> m.message() != null && m.retryToken() != null),
                  read(annotations.get(Annotations.ROLLBACK_TO), ManualRollback.class)
                      .filter(m -> m.request() != null && m.to() != null),
                  Optional.ofNullable(annotations.get(Annotations.BASELINE)),
                  pin(stored),
                  PreflightReport.parse(annotations.get(Annotations.PREFLIGHT)))));
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
