package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A field in which a stored object is not as it is wanted.
 *
 * @param path of the field, as conflicts of an apply name it
 * @param kind what is not as it is wanted
 * @param wanted the value that is wanted
 * @param actual the value that is stored
 */
record Difference(String path, Kind kind, JsonNode wanted, JsonNode actual) {
  /** What an apply would put right. */
  enum Kind {
    /** The field is missing or has another value. */
    VALUE,
    /** The field is as it is wanted, but not ours. */
    NOT_OURS,
    /** The field is ours, but no longer wanted. */
    UNWANTED
  }

  /** The path of a field of an object. */
  static String field(String parent, String name) {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      return "%s[\"%s\"]".formatted(parent, name);
    }
    return parent.isEmpty() ? name : parent + "." + name;
  }

  /** The path of an element of a list that is merged by a key. */
  static String element(String parent, String key, JsonNode value) {
    return "%s[%s=%s]".formatted(parent, key, value);
  }
}
