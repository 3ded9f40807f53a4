package dev.modelserver.server.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a description from the metadata that travels inside a model file: text by key. */
public final class MetadataDescription {

  private MetadataDescription() {}

  /**
   * Keys {@code title}, {@code dataset}, {@code accuracy}, {@code classes}, {@code features}, which
   * hold a JSON array of strings or names with commas between, and {@code image}, a JSON object.
   * What cannot be read is left out: metadata is a courtesy, never a reason to refuse a model.
   */
  public static ModelDescription of(Map<String, String> metadata) {
    return new ModelDescription(
        metadata.get("title"),
        metadata.get("dataset"),
        accuracy(metadata.get("accuracy")),
        names(metadata.get("classes")),
        names(metadata.get("features")),
        image(metadata.get("image")));
  }

  private static @Nullable Double accuracy(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      double value = Double.parseDouble(text.strip());
      return value >= 0 && value <= 1 ? value : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable ImageDescription image(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      JsonNode node = new ObjectMapper().readTree(text);
      return node.isObject() && !node.isEmpty() ? ImageDescription.of(node) : null;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return null;
    }
  }

  private static List<String> names(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return List.of();
    }
    String trimmed = text.strip();
    return trimmed.startsWith("[")
        ? jsonStrings(trimmed)
        : Arrays.stream(trimmed.split(",", -1)).map(String::strip).toList();
  }

  private static List<String> jsonStrings(String text) {
    List<String> names = new ArrayList<>();
    try (var parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == null || !parser.currentToken().isScalarValue()) {
          return List.of();
        }
        names.add(parser.getText());
      }
    } catch (IOException e) {
      return List.of();
    }
    return names;
  }
}
