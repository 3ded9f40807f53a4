package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.tensor.DataType;
import java.util.List;

/** Pieces of JSON Schema 2020-12, the schema language of OpenAPI 3.1. */
public final class Schemas {

  /** A page that makes an example out of a schema makes as many items as it asks for. */
  private static final int MAX_EXACT_ITEMS = ExampleValues.MAX_VALUES;

  private Schemas() {}

  /** An empty node. */
  public static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ObjectNode type(String type) {
    return node().put("type", type);
  }

  /** A text that is always the same. */
  public static ObjectNode constant(String value) {
    return type("string").put("const", value);
  }

  /** One element of a tensor. */
  public static ObjectNode element(DataType datatype) {
    return switch (datatype) {
      case BOOL -> type("boolean");
      case BYTES -> type("string");
      case FP16, BF16 -> type("number");
      case FP32 -> type("number").put("format", "float");
      case FP64 -> type("number").put("format", "double");
      // the limits themselves are beyond the exact numbers of most JSON readers
      case INT64 -> type("integer").put("format", "int64");
      case UINT64 -> type("integer").put("minimum", 0);
      case UINT8, UINT16, UINT32, INT8, INT16, INT32 ->
          type("integer").put("minimum", datatype.min()).put("maximum", datatype.max());
    };
  }

  public static ObjectNode array(ObjectNode items) {
    ObjectNode array = type("array");
    array.set("items", items);
    return array;
  }

  /**
   * An array of a known size.
   *
   * @param size of the array; negative: any
   */
  public static ObjectNode array(ObjectNode items, long size) {
    ObjectNode array = array(items);
    if (size >= 0 && size <= MAX_EXACT_ITEMS) {
      array.put("minItems", size).put("maxItems", size);
    }
    return array;
  }

  /** An object whose properties are all required. */
  public static ObjectNode object() {
    ObjectNode object = type("object");
    object.putObject("properties");
    object.putArray("required");
    return object;
  }

  /** Adds a property that is always there. */
  public static ObjectNode property(ObjectNode object, String name, ObjectNode schema) {
    object.withArrayProperty("required").add(name);
    return optional(object, name, schema);
  }

  /** Adds a property that may be absent. */
  public static ObjectNode optional(ObjectNode object, String name, ObjectNode schema) {
    object.withObjectProperty("properties").set(name, schema);
    return object;
  }

  /** A schema that an operation has given this name. */
  public static ObjectNode ref(String name) {
    return node().put("$ref", "#/components/schemas/" + name);
  }

  /** The same, or null: in data it stands for NaN and the infinities. */
  public static ObjectNode orNull(ObjectNode schema) {
    String type = schema.path("type").asText();
    schema.putArray("type").add(type).add("null");
    return schema;
  }

  /** One of these; anything where there are none. */
  public static ObjectNode anyOf(List<ObjectNode> schemas) {
    if (schemas.size() <= 1) {
      return schemas.isEmpty() ? node() : schemas.getFirst();
    }
    ObjectNode choice = node();
    choice.putArray("anyOf").addAll(schemas);
    return choice;
  }
}
