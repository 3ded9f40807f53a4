package dev.modelserver.operator.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A field that a field manager owns, as the API server recorded it in fieldsV1.
 *
 * @param path its steps, each {@code f:NAME} or {@code k:KEYS}
 */
record OwnedField(List<String> path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final Map<String, String> OTHER_WORD =
      Map.of(
          "RollingUpdate", "Recreate",
          "ClusterIP", "NodePort",
          "None", "ClientIP",
          "ClientIP", "None",
          "TCP", "UDP",
          "AlwaysAllow", "IfHealthyBudget",
          "IfNotPresent", "Always",
          "RuntimeDefault", "Unconfined",
          "Always", "OnFailure",
          "Utilization", "AverageValue");

  /** The leaves of what a manager applied to an object. */
  static List<OwnedField> of(JsonNode object, String manager) {
    List<OwnedField> leaves = new ArrayList<>();
    object
        .at("/metadata/managedFields")
        .valueStream()
        .filter(entry -> manager.equals(entry.path("manager").asText()))
        .filter(entry -> "Apply".equals(entry.path("operation").asText()))
        .filter(entry -> !entry.has("subresource"))
        .forEach(entry -> collect(entry.path("fieldsV1"), List.of(), leaves));
    return leaves;
  }

  private static void collect(JsonNode fields, List<String> path, List<OwnedField> leaves) {
    boolean element = !path.isEmpty() && path.getLast().startsWith("k:");
    if (fields.isEmpty() || element) {
      leaves.add(new OwnedField(path));
    }
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (field.getKey().startsWith("f:") || field.getKey().startsWith("k:")) {
        List<String> longer = new ArrayList<>(path);
        longer.add(field.getKey());
        collect(field.getValue(), List.copyOf(longer), leaves);
      }
    }
  }

  /** Whether it is an element of a list, with all that is in it. */
  boolean isElement() {
    return path.getLast().startsWith("k:");
  }

  /** Whether it lies in another field. */
  boolean isBelow(OwnedField other) {
    return path.size() > other.path.size() && path.subList(0, other.path.size()).equals(other.path);
  }

  /** Its value in an object. */
  JsonNode in(JsonNode object) {
    JsonNode node = object;
    for (String step : path) {
      node = step(node, step);
    }
    return node;
  }

  /** The object with another value of this field; without it, where the value is missing. */
  ObjectNode with(JsonNode object, JsonNode value) {
    ObjectNode copy = object.deepCopy();
    JsonNode parent = new OwnedField(path.subList(0, path.size() - 1)).in(copy);
    String last = path.getLast();
    if (parent instanceof ObjectNode fields && last.startsWith("f:")) {
      if (value.isMissingNode()) {
        fields.remove(last.substring(2));
      } else {
        fields.set(last.substring(2), value);
      }
    } else if (parent instanceof ArrayNode list && value.isMissingNode()) {
      JsonNode element = step(list, last);
      for (int i = list.size() - 1; i >= 0; i--) {
        if (list.get(i).equals(element)) {
          list.remove(i);
        }
      }
    }
    return copy;
  }

  /** Values to try in place of the present one, until the API server takes one. */
  List<JsonNode> others(JsonNode present) {
    List<JsonNode> all = new ArrayList<>();
    if (isElement()) {
      return List.of(MissingNode.getInstance());
    }
    switch (present.getNodeType()) {
      case STRING -> {
        String text = present.asText();
        Optional.ofNullable(OTHER_WORD.get(text)).ifPresent(word -> all.add(NODES.textNode(word)));
        all.add(NODES.textNode(text + "x"));
        all.add(NODES.textNode("3"));
        all.add(NODES.textNode("75%"));
      }
      case NUMBER -> {
        all.add(NODES.numberNode(present.asInt() + 1));
        all.add(NODES.numberNode(present.asInt() - 1));
      }
      case BOOLEAN -> all.add(NODES.booleanNode(!present.asBoolean()));
      case OBJECT -> {
        ObjectNode more = present.deepCopy();
        all.add(more.put("drift", "drifted"));
      }
      default -> {}
    }
    all.add(MissingNode.getInstance());
    return all;
  }

  private static JsonNode step(JsonNode node, String step) {
    if (step.startsWith("f:")) {
      return node.path(step.substring(2));
    }
    JsonNode keys;
    try {
      keys = JSON.readTree(step.substring(2));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(step, e);
    }
    return node.valueStream()
        .filter(
            element ->
                keys.properties().stream()
                    .allMatch(k -> element.path(k.getKey()).equals(k.getValue())))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  @Override
  public String toString() {
    return String.join(".", path.stream().map(step -> step.substring(2)).toList());
  }
}
