package dev.modelserver.operator.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.stream.Collectors;

/** The text fields of the model in a stored configuration file (docs/server-contract.md). */
final class ConfiguredModel {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConfiguredModel() {}

  static Map<String, String> parse(String file) {
    try {
      return JSON.readTree(file).path("model").properties().stream()
          .filter(field -> field.getValue().isTextual())
          .collect(Collectors.toMap(Map.Entry::getKey, field -> field.getValue().textValue()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored configuration is not JSON", e);
    }
  }
}
