package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.names.FieldManagers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Elements that somebody moved to another key, such as the port {@code http} of a Service from 80
 * to 81. Lists of ports are merged by number but allow each name once: an apply would add ours
 * beside theirs, and the API server refuse the pair. They are put back in their place first, and a
 * port of ours that is no longer wanted makes room.
 */
final class Clashes {
  /** By these the ports of a Service and of a container are merged. */
  private static final List<String> PORT_KEYS = List.of("containerPort", "port", "protocol");

  private static final String PORTS = "/spec/ports";

  private Clashes() {}

  /** A JSON patch that puts them back, if there are any; it holds for the version that was seen. */
  static Optional<String> patch(JsonNode wanted, JsonNode actual) {
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    collect(wanted, actual, "", operations);
    drop(wanted.at(PORTS), actual, operations);
    if (operations.isEmpty()) {
      return Optional.empty();
    }
    operations
        .insertObject(0)
        .put("op", "replace")
        .put("path", "/metadata/resourceVersion")
        .set("value", actual.at("/metadata/resourceVersion"));
    return Optional.of(operations.toString());
  }

  /**
   * Ports of a Service that are ours and no longer wanted. One that was put back has another owner
   * too, for whom an apply would leave it.
   */
  private static void drop(JsonNode wanted, JsonNode actual, ArrayNode operations) {
    JsonNode ours =
        OwnedFields.of(actual, FieldManagers.OPERATOR).fields().path("f:spec").path("f:ports");
    JsonNode stored = actual.at(PORTS);
    // From the end, so that the places of the others stay.
    for (int i = wanted.isArray() ? stored.size() - 1 : -1; i >= 0; i--) {
      JsonNode port = stored.get(i);
      boolean named =
          wanted.valueStream().anyMatch(other -> other.path("name").equals(port.path("name")));
      if (!named && owns(ours, port)) {
        operations.addObject().put("op", "remove").put("path", PORTS + "/" + i);
      }
    }
  }

  private static boolean owns(JsonNode fields, JsonNode port) {
    return fields.properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> key.startsWith("k:"))
        .map(key -> Json.tree(key.substring(2)))
        .anyMatch(key -> !moved(key, port));
  }

  private static void collect(JsonNode wanted, JsonNode actual, String path, ArrayNode operations) {
    if (wanted.isObject()) {
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        collect(
            field.getValue(),
            actual.path(field.getKey()),
            path + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
            operations);
      }
    } else if (wanted.isArray()) {
      wanted.forEach(element -> element(element, actual, path, operations));
    }
  }

  private static void element(
      JsonNode element, JsonNode actual, String path, ArrayNode operations) {
    if (!element.hasNonNull("name")) {
      return;
    }
    for (int i = 0; i < actual.size(); i++) {
      JsonNode stored = actual.get(i);
      if (!stored.path("name").equals(element.path("name"))) {
        continue;
      }
      // Elsewhere elements may share a name, as references to two listeners of a Gateway do.
      if (path.endsWith("/ports") && moved(element, stored)) {
        ObjectNode back = stored.deepCopy();
        element.properties().forEach(field -> back.set(field.getKey(), field.getValue()));
        operations.addObject().put("op", "replace").put("path", path + "/" + i).set("value", back);
      } else {
        collect(element, stored, path + "/" + i, operations);
      }
    }
  }

  private static boolean moved(JsonNode element, JsonNode stored) {
    return PORT_KEYS.stream().anyMatch(key -> differ(key, element, stored));
  }

  private static boolean differ(String key, JsonNode element, JsonNode stored) {
    return element.has(key) && !stored.path(key).asText().equals(element.path(key).asText());
  }
}
