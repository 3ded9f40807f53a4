package dev.modelserver.operator.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/** The model in a stored configuration file (docs/server-contract.md). */
final class ConfiguredModel {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConfiguredModel() {}

  /**
   * A text of it.
   *
   * @param path the fields that lead there
   */
  static Optional<String> text(String file, String... path) {
    try {
      JsonNode node = JSON.readTree(file).path("model");
      for (String field : path) {
        node = node.path(field);
      }
      return Optional.of(node).filter(JsonNode::isTextual).map(JsonNode::textValue);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored configuration is not JSON", e);
    }
  }
}
