package dev.modelserver.server.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.server.config.Tolerance;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether an answer has every field that is expected of it. Fields that nobody named may be there
 * too; lists must have the same length; numbers may be off by the tolerance.
 */
final class SubsetMatch {

  /** Other at every call and in every pod, so that a whole answer can be taken as expectation. */
  private static final Set<String> IGNORED =
      Set.of("timestamp", "processing_time_ms", "served_by_pod");

  private final Tolerance tolerance;

  private SubsetMatch(Tolerance tolerance) {
    this.tolerance = tolerance;
  }

  /** The first difference; null when there is none. */
  static @Nullable Miss find(JsonNode expected, JsonNode given, Tolerance tolerance) {
    SubsetMatch match = new SubsetMatch(tolerance);
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      if (!IGNORED.contains(field.getKey())) {
        Miss miss = match.field("", field, given);
        if (miss != null) {
          return miss;
        }
      }
    }
    return null;
  }

  private @Nullable Miss value(String path, JsonNode expected, JsonNode given) {
    if (expected.isObject() && given.isObject()) {
      return object(path, expected, given);
    }
    if (expected.isArray() && given.isArray()) {
      return list(path, expected, given);
    }
    if (expected.isNumber() && given.isNumber()) {
      return number(path, expected, given);
    }
    return expected.equals(given) ? null : miss(path, expected, given, "");
  }

  private @Nullable Miss object(String path, JsonNode expected, JsonNode given) {
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      Miss miss = field(path + ".", field, given);
      if (miss != null) {
        return miss;
      }
    }
    return null;
  }

  private @Nullable Miss field(String before, Map.Entry<String, JsonNode> field, JsonNode given) {
    String path = before + field.getKey();
    JsonNode value = given.get(field.getKey());
    return value == null
        ? new Miss(path, "absent", field.getValue().toString(), "")
        : value(path, field.getValue(), value);
  }

  private @Nullable Miss list(String path, JsonNode expected, JsonNode given) {
    if (expected.size() != given.size()) {
      return new Miss(path, elements(given), elements(expected), "");
    }
    for (int i = 0; i < expected.size(); i++) {
      Miss miss = value(path + "[" + i + "]", expected.get(i), given.get(i));
      if (miss != null) {
        return miss;
      }
    }
    return null;
  }

  private @Nullable Miss number(String path, JsonNode expected, JsonNode given) {
    if (expected.isIntegralNumber() && given.isIntegralNumber() && !tolerance.integers()) {
      return expected.bigIntegerValue().equals(given.bigIntegerValue())
          ? null
          : miss(path, expected, given, "");
    }
    return tolerance.allows(expected.doubleValue(), given.doubleValue())
        ? null
        : miss(
            path,
            expected,
            given,
            " (tolerance: absolute %s, relative %s)"
                .formatted(tolerance.absolute(), tolerance.relative()));
  }

  private static Miss miss(String path, JsonNode expected, JsonNode given, String within) {
    return new Miss(path, given.toString(), expected.toString(), within);
  }

  private static String elements(JsonNode list) {
    return "a list of " + list.size();
  }
}
