package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Schemas of the types of Kubernetes that a ModelServer passes through, from the file that {@code
 * scripts/kubernetes-schemas} writes. A CRD knows no references, so each is put in its place.
 */
final class KubernetesSchemas {
  private static final String FILE = "/schemas/kubernetes.json";
  private static final JsonNode TYPES = read();

  /** The pattern of Kubernetes' own CRDs for a quantity, without the sign of a negative one. */
  private static final String QUANTITY =
      "^\\+?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

  private static final int LONGEST_QUANTITY = 64;
  private static final int LONGEST_KEY = 317;

  private KubernetesSchemas() {}

  /** Gives a field the schema of a type; its own description and bounds stay. */
  static void pass(ObjectNode field, String type) {
    JsonNode schema = TYPES.path(type);
    if (schema.isMissingNode()) {
      throw new IllegalArgumentException(FILE + " has no type " + type);
    }
    field.remove("x-kubernetes-preserve-unknown-fields");
    schema
        .properties()
        .forEach(each -> field.set(each.getKey(), resolved(each.getValue().deepCopy())));
  }

  /** A quantity that is not negative. */
  static void quantity(ObjectNode field) {
    field.put("x-kubernetes-int-or-string", true).put("pattern", QUANTITY);
    // The pattern is about text, the minimum about a number: -1 without quotes is one.
    field.put("maxLength", LONGEST_QUANTITY).put("minimum", 0);
    field.putArray("anyOf").addObject().put("type", "integer");
    field.withArray("anyOf").addObject().put("type", "string");
  }

  /** A schema has no limit for keys; those of labels and annotations are no longer. */
  static void keys(ObjectNode map) {
    map.withArray("x-kubernetes-validations")
        .addObject()
        .put("message", "a key must have at most %d characters".formatted(LONGEST_KEY))
        .put("rule", "self.all(key, size(key) <= %d)".formatted(LONGEST_KEY));
  }

  private static JsonNode resolved(JsonNode node) {
    if (!(node instanceof ObjectNode schema)) {
      return node;
    }
    String type = schema.path("$ref").asText();
    schema.remove("$ref");
    schema.forEach(KubernetesSchemas::resolved);
    if (type.equals("Quantity")) {
      quantity(schema);
    } else if (!type.isEmpty()) {
      pass(schema, type);
    }
    if (schema.has("additionalProperties")) {
      keys(schema);
    }
    return schema;
  }

  private static JsonNode read() {
    try (InputStream file =
        Objects.requireNonNull(KubernetesSchemas.class.getResourceAsStream(FILE), FILE)) {
      return new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
