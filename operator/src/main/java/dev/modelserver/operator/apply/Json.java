package dev.modelserver.operator.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** JSON trees of what goes to and comes from the API server. */
final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private Json() {}

  static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }

  /** A digest that does not depend on the order of fields. */
  static String digest(JsonNode tree) {
    if (!tree.isContainerNode()) {
      return CachedForm.digest(tree.toString());
    }
    try {
      return CachedForm.digest(MAPPER.writeValueAsString(MAPPER.convertValue(tree, Object.class)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree cannot be written", e);
    }
  }
}
