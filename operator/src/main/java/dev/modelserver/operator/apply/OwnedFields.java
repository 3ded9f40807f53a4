package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fields that a manager owns by its applies, in the form of {@code managedFields}.
 *
 * @param fields a fieldsV1 tree; missing where there is none
 */
record OwnedFields(JsonNode fields) {
  /** Of a stored object. */
  static OwnedFields of(JsonNode actual, String manager) {
    return new OwnedFields(
        actual
            .path("metadata")
            .path("managedFields")
            .valueStream()
            .filter(entry -> manager.equals(entry.path("manager").asText()))
            .filter(entry -> "Apply".equals(entry.path("operation").asText()))
            .filter(entry -> !entry.hasNonNull("subresource"))
            .map(entry -> entry.path("fieldsV1"))
            .findFirst()
            .orElse(MissingNode.getInstance()));
  }

  /** Whether a field of the spec is among them. */
  boolean ofSpec(String specField) {
    return fields.path("f:spec").has("f:" + specField);
  }

  /** Where they are more or less than what is wanted. */
  List<Difference> differences(JsonNode wanted) {
    List<Difference> all = new ArrayList<>();
    more("", fields, wanted, all);
    less("", fields, wanted, all);
    return all;
  }

  /** Fields that the wanted object no longer has. */
  private static void more(String path, JsonNode fields, JsonNode wanted, List<Difference> found) {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String name = field.getKey();
      JsonNode counterpart;
      if (name.startsWith("f:")) {
        counterpart = wanted.path(name.substring(2));
      } else if (name.startsWith("k:")) {
        counterpart = keyed(wanted, name.substring(2));
      } else {
        continue;
      }
      String at = path + "/" + name;
      if (counterpart.isMissingNode()) {
        found.add(difference(at, Difference.Kind.UNWANTED));
      } else {
        more(at, field.getValue(), counterpart, found);
      }
    }
  }

  /**
   * Fields that we want and that are not ours any more. Somebody changed them: a map that is owned
   * as a whole, such as a selector, may have got more keys, which a comparison of ours does not
   * show.
   */
  private static void less(String path, JsonNode fields, JsonNode wanted, List<Difference> found) {
    if (fields.isEmpty()) {
      // Ours as a whole; or an API server that records nothing.
      return;
    }
    if (wanted.isArray()) {
      for (int i = 0; i < wanted.size(); i++) {
        if (elementLost(fields, wanted.get(i))) {
          found.add(difference("%s/%d".formatted(path, i), Difference.Kind.NOT_OURS));
        }
      }
      return;
    }
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      if (Drift.blank(field.getValue())) {
        continue;
      }
      String name = "f:" + field.getKey();
      String at = path + "/" + name;
      if (fields.has(name)) {
        less(at, fields.get(name), field.getValue(), found);
      } else {
        found.add(difference(at, Difference.Kind.NOT_OURS));
      }
    }
  }

  private static boolean elementLost(JsonNode fields, JsonNode element) {
    return element.isObject()
        && fields.properties().stream()
            .filter(field -> field.getKey().startsWith("k:"))
            .filter(field -> matches(Json.tree(field.getKey().substring(2)), element))
            .noneMatch(field -> whole(field.getValue(), element));
  }

  private static boolean whole(JsonNode fields, JsonNode wanted) {
    List<Difference> lost = new ArrayList<>();
    less("", fields, wanted, lost);
    return lost.isEmpty();
  }

  private static JsonNode keyed(JsonNode list, String keys) {
    JsonNode key = Json.tree(keys);
    return list.valueStream()
        .filter(element -> matches(key, element))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static boolean matches(JsonNode key, JsonNode element) {
    // A key that we leave to its default (a port's protocol) is not ours to miss.
    return key.properties().stream()
        .allMatch(
            k ->
                !element.has(k.getKey())
                    || element.path(k.getKey()).asText().equals(k.getValue().asText()));
  }

  private static Difference difference(String path, Difference.Kind kind) {
    return new Difference(path, kind, MissingNode.getInstance(), MissingNode.getInstance());
  }
}
