package dev.modelserver.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of one pass's objects that an admission changed, for people. */
final class Overrides {
  private static final String HIDDEN = "a value that is not shown";

  private final Map<String, List<OverriddenField>> fields = new LinkedHashMap<>();

  /** Tells how an object differs from what one of our field managers applied; maybe not at all. */
  void tell(String object, String manager, List<Difference> differences) {
    fields.put(
        object + " " + manager,
        differences.stream()
            .filter(d -> d.kind() == Difference.Kind.VALUE)
            .map(
                d ->
                    new OverriddenField(
                        object, d.path(), shown(d.path(), d.wanted()), shown(d.path(), d.actual())))
            .toList());
  }

  List<OverriddenField> all() {
    List<OverriddenField> all = new ArrayList<>();
    fields.values().forEach(all::addAll);
    return List.copyOf(all);
  }

  /** A configuration holds the model's URI, and a variable may hold anything. */
  private static String shown(String path, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "nothing";
    }
    boolean secret =
        path.startsWith("data")
            || path.contains(".env")
            || value.findValue("env") != null
            || value.findValue("data") != null;
    return secret ? HIDDEN : value.toString();
  }
}
