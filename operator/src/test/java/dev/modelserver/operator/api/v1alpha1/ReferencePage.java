package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The CRD as a Markdown page: one table row per field. */
final class ReferencePage {
  private static final String HEAD =
      """
      # ModelServer reference

      <!-- Generated from the CRD by ReferenceTest; -Dcrds.update=true writes it anew. -->

      `apiVersion: modelserver.dev/v1alpha1`, `kind: ModelServer`, namespaced; short name `msv`, categories `all` and `ml`; sub-resources `status` and `scale`.
      The same text is in the cluster: `kubectl explain modelservers.modelserver.dev.spec.model`.
      Defaults are the operator's; only `spec.replicas` is a default of the schema and so written into the stored resource.
      """;

  /** How a description tells what an absent field means. */
  private static final Pattern ABSENT = Pattern.compile("(?:Absent|Unset): (.+?)\\.(?: |$)");

  private final StringBuilder page = new StringBuilder(HEAD);

  private ReferencePage() {}

  static String of(JsonNode crd) {
    ReferencePage reference = new ReferencePage();
    JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
    reference.table("The resource", "", schema, List.of("spec", "status"));
    reference.table("spec", "spec.", schema.at("/properties/spec"), List.of());
    reference.table("status", "status.", schema.at("/properties/status"), List.of());
    return reference.page.toString();
  }

  /** A table of the fields below a schema; nothing below the fields that have their own table. */
  private void table(String title, String prefix, JsonNode schema, List<String> elsewhere) {
    page.append("\n## ").append(title).append("\n\n");
    page.append("| field | type | default | constraint | description |\n|---|---|---|---|---|\n");
    String rules = rules(schema);
    if (!rules.isEmpty()) {
      row("metadata.name", "string", "", rules, "Name of the ModelServer and of most its objects.");
    }
    fields(prefix, schema, elsewhere);
  }

  private void fields(String prefix, JsonNode schema, List<String> elsewhere) {
    for (var field : schema.path("properties").properties()) {
      JsonNode node = field.getValue();
      String path = prefix + field.getKey();
      row(
          path,
          type(node),
          absent(node),
          constraints(node, required(schema, field.getKey())),
          node.path("description").asText());
      if (!elsewhere.contains(field.getKey())) {
        fields(path + ".", node, elsewhere);
        fields(path + "[].", node.path("items"), elsewhere);
      }
    }
  }

  private void row(String path, String... cells) {
    page.append("| `").append(path).append("` |");
    for (String cell : cells) {
      page.append(cell.isEmpty() ? " |" : " " + cell.replace("|", "\\|") + " |");
    }
    page.append('\n');
  }

  private static String type(JsonNode node) {
    if (node.path("x-kubernetes-int-or-string").asBoolean()) {
      return node.path("pattern").asText().contains("KMGTPE") ? "quantity" : "integer or string";
    }
    String type = node.path("type").asText();
    if (node.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      return "object, as in Kubernetes";
    }
    if (type.equals("array")) {
      return "list of " + type(node.path("items"));
    }
    return node.has("additionalProperties")
        ? "map of " + type(node.path("additionalProperties"))
        : type;
  }

  private static String absent(JsonNode node) {
    if (node.has("default")) {
      return node.path("default").asText();
    }
    Matcher said = ABSENT.matcher(node.path("description").asText());
    return said.find() ? said.group(1) : "";
  }

  private static boolean required(JsonNode schema, String name) {
    return schema.path("required").valueStream().anyMatch(each -> each.asText().equals(name));
  }

  private static String constraints(JsonNode node, boolean required) {
    List<String> parts = new ArrayList<>();
    if (required) {
      parts.add("required");
    }
    if (node.has("enum")) {
      StringJoiner words = new StringJoiner(", ", "one of ", "");
      node.path("enum").forEach(word -> words.add(word.asText()));
      parts.add(words.toString());
    }
    // Of an integer or string the rule says more, and the pattern of a quantity tells nothing.
    boolean plain = !node.path("x-kubernetes-int-or-string").asBoolean();
    if (plain && node.has("minimum") && node.has("maximum")) {
      parts.add(number(node.path("minimum")) + " to " + number(node.path("maximum")));
    }
    if (node.has("minLength")) {
      parts.add("at least " + node.path("minLength").asLong() + " characters");
    }
    if (plain && node.has("maxLength")) {
      parts.add("at most " + node.path("maxLength").asLong() + " characters");
    }
    if (node.has("maxItems")) {
      long least = node.path("minItems").asLong();
      parts.add((least > 0 ? least + " to " : "at most ") + node.path("maxItems").asLong());
    }
    if (node.has("maxProperties")) {
      parts.add("at most " + node.path("maxProperties").asLong() + " keys");
    }
    if (plain && node.has("pattern")) {
      parts.add("`" + node.path("pattern").asText() + "`");
    }
    String rules = rules(node) + rules(node.path("items"));
    if (!rules.isEmpty()) {
      parts.add(rules);
    }
    return String.join("; ", parts);
  }

  private static String rules(JsonNode node) {
    StringJoiner messages = new StringJoiner("; ");
    node.path("x-kubernetes-validations")
        .forEach(rule -> messages.add(rule.path("message").asText()));
    return messages.toString();
  }

  /** 0.01, and 1 without the point that the schema gives it. */
  private static String number(JsonNode node) {
    return node.decimalValue().stripTrailingZeros().toPlainString();
  }
}
