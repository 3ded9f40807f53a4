package dev.modelserver.operator.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Kubernetes' own types out of a spec that holds them as they were written. */
final class Typed {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Typed() {}

  static <T> Optional<T> read(String field, @Nullable JsonNode said, Class<T> type) {
    try {
      return said == null || said.isNull() || said.isEmpty()
          ? Optional.empty()
          : Optional.of(JSON.treeToValue(said, type));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is not a valid %s (%s): see kubectl explain"
              .formatted(field, type.getSimpleName(), e.getOriginalMessage()),
          e);
    }
  }

  /** A type of ours whose fields have the names of Kubernetes' own, as that one. */
  static <T> T as(Object ours, Class<T> type) {
    return JSON.convertValue(ours, type);
  }

  /** The same, where there is one. */
  static <T> Optional<T> maybe(@Nullable Object ours, Class<T> type) {
    return Optional.ofNullable(ours).map(value -> as(value, type));
  }

  /** Each of a list. */
  static <T> List<T> all(@Nullable List<?> ours, Class<T> type) {
    return ours == null ? List.of() : ours.stream().map(value -> as(value, type)).toList();
  }

  static <T> List<T> list(String field, @Nullable List<JsonNode> said, Class<T> type) {
    List<JsonNode> elements = said == null ? List.of() : said;
    return IntStream.range(0, elements.size())
        .mapToObj(i -> read("%s[%d]".formatted(field, i), elements.get(i), type))
        .flatMap(Optional::stream)
        .toList();
  }
}
