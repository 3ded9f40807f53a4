package dev.modelserver.operator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Valid specs with all fields of the schema between them, and what becomes of them when one place
 * is wrong.
 */
final class EveryField {
  private static final Path CRD = Path.of("../crds/modelservers.modelserver.dev-v1.yml");
  private static final Path SPECS = Path.of("src/test/resources/schemas/every-field.yaml");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * A spec with one wrong place.
   *
   * @param field as the API server names it
   */
  record Wrong(String field, JsonNode spec) {}

  /**
   * A place in a spec.
   *
   * @param field as the API server names it, for example spec.server.env[0].name
   * @param pointer to the value in the spec (RFC 6901)
   */
  private record Place(JsonNode spec, String field, String pointer, JsonNode schema) {
    JsonNode value() {
      return spec.at(pointer);
    }

    /** The fields of an object, the elements of a list, the values of a map. */
    Stream<Place> inside() {
      if (value() instanceof ArrayNode list) {
        return Stream.iterate(0, i -> i < list.size(), i -> i + 1)
            .map(i -> at("[" + i + "]", "" + i, schema.path("items")));
      }
      return value()
          .propertyStream()
          .map(
              each ->
                  at(
                      "." + each.getKey(),
                      each.getKey().replace("~", "~0").replace("/", "~1"),
                      schema.has("additionalProperties")
                          ? schema.path("additionalProperties")
                          : schema.path("properties").path(each.getKey())))
          .filter(place -> place.schema.isObject());
    }

    private Place at(String step, String token, JsonNode inner) {
      return new Place(spec, field + step, pointer + "/" + token, inner);
    }

    Stream<Place> walk() {
      return Stream.concat(Stream.of(this), inside().flatMap(Place::walk));
    }

    /** The spec with each field of this object misspelt in turn. */
    Stream<Wrong> typos() {
      return value()
          .propertyStream()
          .map(Map.Entry::getKey)
          .filter(schema.path("properties")::has)
          .map(
              name -> {
                String typo = name + name.charAt(name.length() - 1);
                JsonNode copy = spec.deepCopy();
                ObjectNode object = (ObjectNode) copy.at(pointer);
                object.set(typo, object.remove(name));
                return new Wrong(field + "." + typo, copy);
              });
    }

    /** The spec with values here that are beyond the schema. */
    Stream<Wrong> beyond() {
      return values()
          .map(
              value -> {
                int last = pointer.lastIndexOf('/');
                JsonNode copy = spec.deepCopy();
                String token = pointer.substring(last + 1).replace("~1", "/").replace("~0", "~");
                switch (copy.at(pointer.substring(0, last))) {
                  case ObjectNode object -> object.set(token, value);
                  case ArrayNode list -> list.set(Integer.parseInt(token), value);
                  case JsonNode other -> throw new IllegalStateException(other.toString());
                }
                return new Wrong(field, copy);
              });
    }

    private Stream<JsonNode> values() {
      if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
        return Stream.of(
            NODES.textNode("-1Gi"),
            NODES.textNode("-5%"),
            NODES.textNode("x"),
            NODES.numberNode(-1));
      }
      List<JsonNode> values = new ArrayList<>();
      switch (schema.path("type").asText()) {
        case "string" -> {
          if (schema.has("maxLength")) {
            values.add(NODES.textNode("x".repeat(schema.path("maxLength").asInt() + 1)));
          }
          if (schema.has("enum") || schema.has("pattern")) {
            values.add(NODES.textNode("§"));
          }
        }
        case "integer", "number" -> {
          values.add(NODES.numberNode(schema.path("minimum").asLong() - 1));
          values.add(NODES.numberNode(schema.path("maximum").asLong() + 1));
        }
        case "array" -> {
          ArrayNode list = NODES.arrayNode();
          for (int i = schema.path("maxItems").asInt(); i >= 0; i--) {
            list.add(value().path(0));
          }
          values.add(list);
        }
        case "object" -> {
          if (schema.has("maxProperties")) {
            ObjectNode map = NODES.objectNode();
            for (int i = schema.path("maxProperties").asInt(); i >= 0; i--) {
              map.set("key-" + i, value().path(value().fieldNames().next()));
            }
            values.add(map);
          }
        }
        default -> values.add(NODES.textNode("perhaps"));
      }
      return values.stream();
    }
  }

  private EveryField() {}

  /** The specs as they are in the file. */
  static List<JsonNode> specs() {
    try {
      return Arrays.stream(Files.readString(SPECS).split("(?m)^---$"))
          // Jackson's own reader of YAML knows no anchors.
          .<JsonNode>map(spec -> Serialization.unmarshal(spec, ObjectNode.class))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each field of each spec misspelt in turn. */
  static List<Wrong> typos() {
    return places().flatMap(Place::typos).toList();
  }

  /** Each bound of each field of each spec exceeded in turn. */
  static List<Wrong> beyondBounds() {
    return places().flatMap(Place::beyond).toList();
  }

  /** Fields of the specs, without the positions in lists. */
  static List<String> fields() {
    return places().map(place -> place.field.replaceAll("\\[[0-9]+]", "[]")).distinct().toList();
  }

  private static Stream<Place> places() {
    try {
      JsonNode schema =
          new ObjectMapper(new YAMLFactory())
              .readTree(CRD.toFile())
              .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
      return specs().stream().flatMap(spec -> new Place(spec, "spec", "", schema).walk());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
