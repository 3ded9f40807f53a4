package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Attribute;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values that nodes of a graph can use: its own, and those of the graphs around it. */
final class Scope {

  private final @Nullable Scope outer;
  private final Map<String, RowValue> values = new HashMap<>();
  private final Map<String, Long> opsets;
  private final Map<String, Attribute> attributes;

  private Scope(
      @Nullable Scope outer, Map<String, Long> opsets, Map<String, Attribute> attributes) {
    this.outer = outer;
    this.opsets = opsets;
    this.attributes = attributes;
  }

  /**
   * Of the main graph or of a function.
   *
   * @param attributes of the call of the function
   */
  static Scope of(Map<String, Long> opsets, Map<String, Attribute> attributes) {
    return new Scope(null, opsets, attributes);
  }

  /** Of a graph inside a node of this one. */
  Scope inner() {
    return new Scope(this, opsets, attributes);
  }

  void put(String name, RowValue value) {
    if (!name.isEmpty()) {
      values.put(name, value);
    }
  }

  Optional<RowValue> get(String name) {
    RowValue value = values.get(name);
    return value == null && outer != null ? outer.get(name) : Optional.ofNullable(value);
  }

  long opset(String domain) {
    return opsets.getOrDefault(domain, 0L);
  }

  /** The attribute of the function's call; empty when it is left out. */
  Optional<Attribute> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }
}
