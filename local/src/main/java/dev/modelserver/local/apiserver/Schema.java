package dev.modelserver.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The structural schema of a custom resource: fills in defaults and finds what the API server would
 * refuse. CEL rules are not evaluated.
 */
final class Schema {
  private final JsonNode root;

  /** From the field {@code openAPIV3Schema} of one version of a CustomResourceDefinition. */
  Schema(JsonNode schema) {
    this.root = schema;
  }

  /** The object with the schema's defaults filled in where a field is absent. */
  ObjectNode withDefaults(ObjectNode object) {
    var filled = object.deepCopy();
    fill(filled, root);
    return filled;
  }

  /** What the API server would refuse in the object, one sentence per field; empty when nothing. */
  List<String> problems(JsonNode object) {
    var problems = new ArrayList<String>();
    for (var field : root.path("properties").properties()) {
      // metadata, kind and apiVersion belong to every object: the store checks them.
      if (field.getKey().equals("spec") && object.has("spec")) {
        check("spec", object.path("spec"), field.getValue(), problems);
      }
    }
    for (var name : root.path("required")) {
      if (!object.has(name.asText())) {
        problems.add(name.asText() + ": Required value");
      }
    }
    return problems;
  }

  private static void fill(JsonNode value, JsonNode schema) {
    switch (value) {
      case ObjectNode object -> {
        for (var field : schema.path("properties").properties()) {
          var child = field.getValue();
          if (!object.has(field.getKey()) && child.has("default")) {
            object.set(field.getKey(), child.get("default").deepCopy());
          }
          fill(object.path(field.getKey()), child);
        }
      }
      case ArrayNode array -> array.forEach(item -> fill(item, schema.path("items")));
      default -> {}
    }
  }

  private static void check(String path, JsonNode value, JsonNode schema, List<String> problems) {
    if (!hasType(value, schema)) {
      problems.add(
          path + ": Invalid value: " + value + ": must be of type " + schema.path("type").asText());
      return;
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      problems.add(path + ": Unsupported value: " + value + ": supported: " + schema.get("enum"));
    }
    switch (value) {
      case ObjectNode object -> checkObject(path, object, schema, problems);
      case ArrayNode array -> {
        checkRange(path, "items", array.size(), schema, "minItems", "maxItems", problems);
        for (var i = 0; i < array.size(); i++) {
          check(path + "[" + i + "]", array.get(i), schema.path("items"), problems);
        }
      }
      default -> checkScalar(path, value, schema, problems);
    }
  }

  private static void checkObject(
      String path, ObjectNode object, JsonNode schema, List<String> problems) {
    for (var name : schema.path("required")) {
      if (!object.has(name.asText())) {
        problems.add(path + "." + name.asText() + ": Required value");
      }
    }
    var open =
        schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
            || schema.path("additionalProperties").asBoolean();
    for (var field : object.properties()) {
      var child = path + "." + field.getKey();
      if (schema.path("properties").has(field.getKey())) {
        check(child, field.getValue(), schema.path("properties").get(field.getKey()), problems);
      } else if (schema.path("additionalProperties").isObject()) {
        check(child, field.getValue(), schema.path("additionalProperties"), problems);
      } else if (!open) {
        problems.add("unknown field \"" + child + "\"");
      }
    }
  }

  private static void checkScalar(
      String path, JsonNode value, JsonNode schema, List<String> problems) {
    if (value.isTextual()) {
      var text = value.asText();
      checkRange(path, "characters", text.length(), schema, "minLength", "maxLength", problems);
      var pattern = schema.path("pattern").asText("");
      if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
        problems.add(path + ": Invalid value: " + value + ": should match '" + pattern + "'");
      }
    } else if (value.isNumber()) {
      var number = value.decimalValue();
      if (schema.has("minimum") && number.compareTo(limit(schema, "minimum")) < 0) {
        problems.add(
            path + ": Invalid value: " + value + ": at least " + text(limit(schema, "minimum")));
      }
      if (schema.has("maximum") && number.compareTo(limit(schema, "maximum")) > 0) {
        problems.add(
            path + ": Invalid value: " + value + ": at most " + text(limit(schema, "maximum")));
      }
    }
  }

  private static void checkRange(
      String path,
      String unit,
      int size,
      JsonNode schema,
      String least,
      String most,
      List<String> problems) {
    if (size < schema.path(least).asInt(0)) {
      problems.add(path + ": at least " + schema.path(least).asInt() + " " + unit);
    }
    if (size > schema.path(most).asInt(Integer.MAX_VALUE)) {
      problems.add(path + ": at most " + schema.path(most).asInt() + " " + unit);
    }
  }

  private static BigDecimal limit(JsonNode schema, String name) {
    return schema.get(name).decimalValue();
  }

  private static String text(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (var candidate : values) {
      if (candidate.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasType(JsonNode value, JsonNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return value.isIntegralNumber() || value.isTextual();
    }
    return switch (schema.path("type").asText("")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> true;
    };
  }
}
