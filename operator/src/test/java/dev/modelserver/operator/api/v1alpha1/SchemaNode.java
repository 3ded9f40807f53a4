package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * A schema inside the CRD's.
 *
 * @param path as in spec.pod.tolerations[].key; values of a map are {@code {}}
 */
record SchemaNode(String path, JsonNode schema) {

  /** Every one inside a CRD, itself first. */
  static Stream<SchemaNode> all(String crd) throws IOException {
    JsonNode tree = new ObjectMapper(new YAMLFactory()).readTree(crd);
    return new SchemaNode("", tree.at("/spec/versions/0/schema/openAPIV3Schema")).walk();
  }

  private Stream<SchemaNode> walk() {
    Stream<SchemaNode> fields =
        schema.path("properties").properties().stream()
            .map(field -> at(path.isEmpty() ? "" : ".", field.getKey(), field.getValue()));
    Stream<SchemaNode> inside =
        Stream.of(
                at("", "[]", schema.path("items")),
                at("", "{}", schema.path("additionalProperties")))
            .filter(node -> node.schema.isObject());
    return Stream.concat(Stream.of(this), Stream.concat(fields, inside).flatMap(SchemaNode::walk));
  }

  private SchemaNode at(String separator, String name, JsonNode inner) {
    return new SchemaNode(path + separator + name, inner);
  }

  boolean isField() {
    return !path.isEmpty() && !path.endsWith("[]") && !path.endsWith("{}");
  }

  boolean isStatus() {
    return path.startsWith("status.");
  }

  boolean isType(String... types) {
    return Stream.of(types).anyMatch(schema.path("type").asText()::equals);
  }

  boolean isIntOrString() {
    return schema.path("x-kubernetes-int-or-string").asBoolean();
  }

  boolean isMap() {
    return schema.has("additionalProperties");
  }

  boolean keepsUnknown() {
    return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
  }

  /** Whether all of these are there. */
  boolean has(String... keywords) {
    return Stream.of(keywords).allMatch(schema::has);
  }

  /** Whether one of its rules has this text. */
  boolean hasRule(String text) {
    return schema
        .path("x-kubernetes-validations")
        .valueStream()
        .anyMatch(rule -> rule.path("rule").asText().contains(text));
  }

  /** Whether its pattern lets nothing be repeated without end. */
  boolean hasFinitePattern() {
    String pattern = schema.path("pattern").asText();
    return pattern.startsWith("^")
        && pattern.endsWith("$")
        && !pattern.replaceAll("\\[[^]]*]", "x").matches(".*(\\*|\\+|,}).*");
  }
}
