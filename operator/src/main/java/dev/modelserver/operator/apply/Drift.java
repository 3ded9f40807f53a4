package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * In what applying an object would change it: a field that we want is missing or has another value,
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

  /**
   * Lists that are ours as a whole and compared to the letter: in the rules of a NetworkPolicy a
   * selector that is empty means everything, and one field less another set of callers.
   */
  private static final Set<String> WHOLE_LISTS = Set.of("ingress", "egress");

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
  static List<Difference> between(JsonNode wanted, JsonNode actual, String manager) {
    JsonNode content = content(wanted);
    List<Difference> all = new ArrayList<>();
    compare("", actual, content, false, all);
    all.addAll(OwnedFields.of(actual, manager).differences(content));
    return List.copyOf(all);
  }

  /** What is wanted of an object: without what only says which one it is. */
  static JsonNode content(JsonNode wanted) {
    ObjectNode copy = wanted.deepCopy();
    copy.remove(List.of("apiVersion", "kind", "status"));
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(List.of("name", "namespace", "resourceVersion"));
    }
    return copy;
  }

  private static void compare(
      String path, JsonNode actual, JsonNode wanted, boolean quantities, List<Difference> found) {
    if (blank(wanted)) {
      // The API server drops what is empty or zero, or fills in a default that means the same.
      if (!wanted.isContainerNode() && !blank(actual) && !same(actual, wanted, quantities)) {
        found.add(value(path, wanted, actual));
      }
    } else if (wanted.isObject() && actual.isObject()) {
      wanted
          .properties()
          .forEach(
              field ->
                  compareField(
                      Difference.field(path, field.getKey()), actual, field, quantities, found));
    } else if (wanted.isArray() && actual.isArray()) {
      compareList(path, actual, wanted, found);
    } else if (wanted.isContainerNode() || !same(actual, wanted, quantities)) {
      found.add(value(path, wanted, actual));
    }
  }

  private static void compareField(
      String path,
      JsonNode actual,
      Map.Entry<String, JsonNode> wanted,
      boolean quantities,
      List<Difference> found) {
    JsonNode counterpart = actual.path(wanted.getKey());
    if (WHOLE_LISTS.contains(wanted.getKey())) {
      if (!wanted.getValue().equals(counterpart)) {
        found.add(value(path, wanted.getValue(), counterpart));
      }
      return;
    }
    if (STRING_MAPS.contains(wanted.getKey())) {
      for (Map.Entry<String, JsonNode> entry : wanted.getValue().properties()) {
        JsonNode stored = counterpart.path(entry.getKey());
        if (!entry.getValue().equals(stored)) {
          found.add(value(Difference.field(path, entry.getKey()), entry.getValue(), stored));
        }
      }
      return;
    }
    compare(
        path,
        counterpart,
        wanted.getValue(),
        quantities || QUANTITIES.contains(wanted.getKey()),
        found);
  }

  private static void compareList(
      String path, JsonNode actual, JsonNode wanted, List<Difference> found) {
    Optional<String> key = mergeKey(wanted);
    // A list without a merge key is ours as a whole; one with a key may hold what others added.
    if (key.isEmpty() && actual.size() != wanted.size()) {
      found.add(value(path, wanted, actual));
      return;
    }
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode element = wanted.get(i);
      if (key.isPresent()) {
        compare(
            Difference.element(path, key.get(), element.get(key.get())),
            byKey(actual, key.get(), element),
            element,
            false,
            found);
      } else {
        compare("%s[%d]".formatted(path, i), actual.path(i), element, false, found);
      }
    }
  }

  private static Difference value(String path, JsonNode wanted, JsonNode actual) {
    return new Difference(path, Difference.Kind.VALUE, wanted, actual);
  }

  /** Not one that two elements share, as references to two listeners of a Gateway do the name. */
  private static Optional<String> mergeKey(JsonNode list) {
    return MERGE_KEYS.stream()
        .filter(key -> list.valueStream().allMatch(element -> element.hasNonNull(key)))
        .filter(
            key ->
                list.valueStream().map(element -> element.path(key).asText()).distinct().count()
                    == list.size())
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

  static boolean blank(JsonNode node) {
    return node.isMissingNode()
        || node.isNull()
        || (node.isContainerNode() && node.isEmpty())
        || (node.isBoolean() && !node.booleanValue())
        || (node.isNumber() && node.doubleValue() == 0)
        || (node.isTextual() && node.textValue().isEmpty());
  }
}
