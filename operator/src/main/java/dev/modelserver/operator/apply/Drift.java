package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether applying an object would change it: a field that we want is missing or has another value,
 * or a field that we own is no longer wanted. Fields of others are not looked at. An apply that
 * would change nothing is not sent.
 */
final class Drift {
  private static final Pattern QUANTITY =
      Pattern.compile("[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]{1,2}|[numk]|[KMGTPE]i?)?");

  /** Fields that hold quantities, which the API server writes in a form of its own. */
  private static final Set<String> QUANTITIES =
      Set.of("limits", "requests", "sizeLimit", "averageValue", "value");

  /** Maps of strings: compared to the letter, and an empty value is one. */
  private static final Set<String> STRING_MAPS =
      Set.of("labels", "annotations", "nodeSelector", "matchLabels");

  /** Keys of the list types of the Kubernetes API that are merged by key, the likeliest first. */
  private static final List<String> MERGE_KEYS =
      List.of("mountPath", "name", "containerPort", "port", "uid", "ip");

  private Drift() {}

  /**
   * Compares an object as it is wanted with the stored one.
   *
   * @param wanted the object as it would be applied
   * @param actual the stored object, with its managedFields
   * @param manager our field manager
   */
  static boolean exists(JsonNode wanted, JsonNode actual, String manager) {
    JsonNode content = withoutIdentity(wanted);
    JsonNode owned = owned(actual, manager);
    return !covers(actual, content, false) || ownsMore(owned, content) || ownsLess(owned, content);
  }

  /** Whether a manager owns a field of the spec. */
  static boolean owns(JsonNode actual, String manager, String specField) {
    return owned(actual, manager).path("f:spec").has("f:" + specField);
  }

  private static JsonNode withoutIdentity(JsonNode wanted) {
    ObjectNode copy = wanted.deepCopy();
    copy.remove(List.of("apiVersion", "kind", "status"));
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(List.of("name", "namespace"));
    }
    return copy;
  }

  private static boolean covers(JsonNode actual, JsonNode wanted, boolean quantities) {
    if (blank(wanted)) {
      // The API server drops what is empty or zero, or fills in a default that means the same.
      return wanted.isContainerNode() || blank(actual) || same(actual, wanted, quantities);
    }
    if (wanted.isObject()) {
      return actual.isObject()
          && wanted.properties().stream().allMatch(field -> coversField(actual, field, quantities));
    }
    if (wanted.isArray()) {
      return actual.isArray() && coversList(actual, wanted);
    }
    return same(actual, wanted, quantities);
  }

  private static boolean coversField(
      JsonNode actual, Map.Entry<String, JsonNode> wanted, boolean quantities) {
    JsonNode counterpart = actual.path(wanted.getKey());
    if (STRING_MAPS.contains(wanted.getKey())) {
      return wanted.getValue().properties().stream()
          .allMatch(e -> e.getValue().equals(counterpart.get(e.getKey())));
    }
    return covers(
        counterpart, wanted.getValue(), quantities || QUANTITIES.contains(wanted.getKey()));
  }

  private static boolean coversList(JsonNode actual, JsonNode wanted) {
    Optional<String> key = mergeKey(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode element = wanted.get(i);
      JsonNode counterpart = key.isPresent() ? byKey(actual, key.get(), element) : actual.path(i);
      if (!covers(counterpart, element, false)) {
        return false;
      }
    }
    // A list without a merge key is ours as a whole; one with a key may hold what others added.
    return key.isPresent() || actual.size() == wanted.size();
  }

  private static Optional<String> mergeKey(JsonNode list) {
    return MERGE_KEYS.stream()
        .filter(key -> list.valueStream().allMatch(element -> element.hasNonNull(key)))
        .findFirst();
  }

  private static JsonNode byKey(JsonNode list, String key, JsonNode element) {
    return list.valueStream()
        .filter(candidate -> candidate.path(key).asText().equals(element.path(key).asText()))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static boolean same(JsonNode actual, JsonNode wanted, boolean quantity) {
    String left = actual.asText();
    String right = wanted.asText();
    if (left.equals(right)) {
      return !actual.isMissingNode();
    }
    return quantity
        && QUANTITY.matcher(left).matches()
        && QUANTITY.matcher(right).matches()
        && Quantity.getAmountInBytes(new Quantity(left))
                .compareTo(Quantity.getAmountInBytes(new Quantity(right)))
            == 0;
  }

  private static boolean blank(JsonNode node) {
    return node.isMissingNode()
        || node.isNull()
        || (node.isContainerNode() && node.isEmpty())
        || (node.isBoolean() && !node.booleanValue())
        || (node.isNumber() && node.doubleValue() == 0)
        || (node.isTextual() && node.textValue().isEmpty());
  }

  static JsonNode owned(JsonNode actual, String manager) {
    return actual
        .path("metadata")
        .path("managedFields")
        .valueStream()
        .filter(entry -> manager.equals(entry.path("manager").asText()))
        .filter(entry -> "Apply".equals(entry.path("operation").asText()))
        .filter(entry -> !entry.hasNonNull("subresource"))
        .map(entry -> entry.path("fieldsV1"))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /** Whether a fieldsV1 tree names a field that the wanted object no longer has. */
  private static boolean ownsMore(JsonNode fields, JsonNode wanted) {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String path = field.getKey();
      Optional<JsonNode> counterpart =
          path.startsWith("f:")
              ? Optional.of(wanted.path(path.substring(2)))
              : path.startsWith("k:")
                  ? Optional.of(keyed(wanted, path.substring(2)))
                  : Optional.empty();
      if (counterpart.isPresent()
          && (counterpart.get().isMissingNode() || ownsMore(field.getValue(), counterpart.get()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a field that we want is not ours any more. Somebody changed it: a map that is owned as
   * a whole, such as a selector, may have got more keys, which a comparison of ours does not show.
   */
  private static boolean ownsLess(JsonNode fields, JsonNode wanted) {
    if (fields.isEmpty()) {
      // Ours as a whole; or an API server that records nothing.
      return false;
    }
    if (wanted.isArray()) {
      return wanted.valueStream().anyMatch(element -> elementLost(fields, element));
    }
    return wanted.properties().stream()
        .filter(field -> !blank(field.getValue()))
        .anyMatch(
            field ->
                !fields.has("f:" + field.getKey())
                    || ownsLess(fields.get("f:" + field.getKey()), field.getValue()));
  }

  private static boolean elementLost(JsonNode fields, JsonNode element) {
    return element.isObject()
        && fields.properties().stream()
            .filter(field -> field.getKey().startsWith("k:"))
            .filter(field -> matches(Json.tree(field.getKey().substring(2)), element))
            .noneMatch(field -> !ownsLess(field.getValue(), element));
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
}
