package dev.modelserver.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object of the configuration, with the path that its errors name. Null and absent are the
 * same.
 */
record ConfigNode(String path, JsonNode node) {

  ConfigNode object(String field) throws ConfigurationException {
    JsonNode value = value(field);
    if (!value.isObject() && !value.isMissingNode()) {
      throw wrong(field, value, "an object");
    }
    return new ConfigNode(at(field) + ".", value);
  }

  /** The objects of a list; none when it is absent. */
  List<ConfigNode> objects(String field) throws ConfigurationException {
    JsonNode value = value(field);
    if (!value.isArray() && !value.isMissingNode()) {
      throw wrong(field, value, "a list of objects");
    }
    List<ConfigNode> objects = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isObject()) {
        throw wrong(field, value, "a list of objects");
      }
      objects.add(new ConfigNode(at(field) + "[" + objects.size() + "].", element));
    }
    return objects;
  }

  String required(String field) throws ConfigurationException {
    String text = text(field);
    if (text == null || text.isBlank()) {
      throw new ConfigurationException(at(field) + " is missing; the configuration needs it");
    }
    return text;
  }

  @Nullable String text(String field) throws ConfigurationException {
    JsonNode value = value(field);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(field, value, "a string");
    }
    return value.textValue();
  }

  @Nullable Double number(String field) throws ConfigurationException {
    JsonNode value = value(field);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isNumber()) {
      throw wrong(field, value, "a number");
    }
    return value.doubleValue();
  }

  long integer(String field, long fallback, long min, long max) throws ConfigurationException {
    JsonNode value = value(field);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      throw wrong(
          field, value, "an integer from " + min + (max == Long.MAX_VALUE ? "" : " to " + max));
    }
    return value.longValue();
  }

  List<String> texts(String field) throws ConfigurationException {
    JsonNode value = value(field);
    List<String> texts = new ArrayList<>();
    if (value.isMissingNode()) {
      return texts;
    }
    for (JsonNode element : value.isArray() ? value : List.of(value)) {
      if (!element.isTextual()) {
        throw wrong(field, value, "a list of strings");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** The refusal of a field's value. */
  ConfigurationException wrong(String field, String needed) {
    return wrong(field, value(field), needed);
  }

  private JsonNode value(String field) {
    JsonNode value = node.path(field);
    return value.isNull() ? MissingNode.getInstance() : value;
  }

  private String at(String field) {
    return path + field;
  }

  private ConfigurationException wrong(String field, JsonNode value, String needed) {
    String shown = value.toString();
    return new ConfigurationException(
        at(field)
            + " is "
            + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown)
            + "; it takes "
            + needed);
  }
}
