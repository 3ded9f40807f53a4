package dev.modelserver.server.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a description from the metadata that travels inside a model file: text by key. */
public final class MetadataDescription {

  private static final int MAX_SHOWN = 60;

  private final Map<String, String> metadata;
  private final List<String> ignored = new ArrayList<>();

  private MetadataDescription(Map<String, String> metadata) {
    this.metadata = metadata;
  }

  /**
   * Keys {@code title}, {@code dataset}, {@code accuracy}, {@code classes}, {@code features}, which
   * hold a {@link NameList}, and {@code image}, a JSON object; without {@code classes}, {@code
   * names} if it is an object from indexes to names, as Ultralytics writes it. What cannot be read
   * is left out, and told: metadata is a courtesy, never a reason to refuse a model.
   */
  public static ModelDescription of(Map<String, String> metadata) {
    return new MetadataDescription(metadata).read();
  }

  private ModelDescription read() {
    Double accuracy = accuracy();
    List<String> classes = metadata.containsKey("classes") ? names("classes") : namesByIndex();
    List<String> features = names("features");
    ImageDescription image = image();
    return new ModelDescription(
        metadata.get("title"),
        metadata.get("dataset"),
        accuracy,
        classes,
        features,
        image,
        ignored);
  }

  private @Nullable Double accuracy() {
    String text = metadata.get("accuracy");
    if (text == null) {
      return null;
    }
    try {
      double value = Double.parseDouble(text.strip());
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    ignored.add("accuracy is %s; write a number from 0 to 1".formatted(shown(text)));
    return null;
  }

  private @Nullable ImageDescription image() {
    String text = metadata.get("image");
    if (text == null) {
      return null;
    }
    try {
      JsonNode node = new ObjectMapper().readTree(text);
      if (node.isObject()) {
        return node.isEmpty() ? null : ImageDescription.of(node);
      }
      ignored.add("image is %s; write a JSON object".formatted(shown(text)));
    } catch (JsonProcessingException e) {
      ignored.add("image is not valid JSON; write a JSON object");
    } catch (IllegalArgumentException e) {
      ignored.add("image." + e.getMessage());
    }
    return null;
  }

  private List<String> names(String key) {
    String text = metadata.get(key);
    try {
      return text == null ? List.of() : NameList.parse(text);
    } catch (NameList.FormatException e) {
      ignored.add("%s %s; write a JSON list of strings, by index".formatted(key, e.getMessage()));
      return List.of();
    }
  }

  /** Other exporters may mean something else by this key, so nothing else is read and told. */
  private List<String> namesByIndex() {
    try {
      String text = metadata.get("names");
      return text == null ? List.of() : NameList.parseByIndex(text);
    } catch (NameList.FormatException e) {
      return List.of();
    }
  }

  private static String shown(String text) {
    return TextNode.valueOf(text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text)
        .toString();
  }
}
