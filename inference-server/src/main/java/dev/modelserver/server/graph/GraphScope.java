package dev.modelserver.server.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes among which a name means one value: the main graph, a graph inside a node, or the body
 * of a function.
 */
final class GraphScope {

  private final Map<String, Constant> initializers;
  private final Map<String, List<Long>> given;
  private final @Nullable GraphScope outer;
  private final Map<String, List<Node>> consumers = new HashMap<>();
  private final Map<String, Node> producers = new HashMap<>();
  private final List<Node> branching = new ArrayList<>();

  /**
   * A scope.
   *
   * @param given sizes of the constants that come from outside under another name
   * @param outer whose names are known here too; null: none
   */
  GraphScope(
      List<Node> nodes,
      Map<String, Constant> initializers,
      Map<String, List<Long>> given,
      @Nullable GraphScope outer) {
    this.initializers = initializers;
    this.given = given;
    this.outer = outer;
    for (Node node : nodes) {
      new HashSet<>(node.inputs())
          .forEach(name -> consumers.computeIfAbsent(name, _ -> new ArrayList<>()).add(node));
      node.outputs().forEach(name -> producers.put(name, node));
      if (node.attributes().values().stream().anyMatch(Attribute.Subgraph.class::isInstance)) {
        branching.add(node);
      }
    }
  }

  /** Nodes that take the value. */
  List<Node> consumers(String value) {
    return consumers.getOrDefault(value, List.of());
  }

  /** Nodes with graphs inside, which may use any value of this scope. */
  List<Node> branching() {
    return branching;
  }

  /** The sizes of a constant, or of what a node makes of one; empty for other values. */
  Optional<List<Long>> dims(String value) {
    Constant constant = initializers.get(value);
    if (constant != null) {
      return Optional.of(constant.dims());
    }
    List<Long> outside = given.get(value);
    if (outside != null) {
      return Optional.of(outside);
    }
    Node node = producers.get(value);
    if (node == null) {
      return outer == null ? Optional.empty() : outer.dims(value);
    }
    if (node.is("Constant")) {
      return node.constant().map(Constant::dims);
    }
    return switch (node.domain() + node.operator()) {
      case "Identity", "Cast", "DequantizeLinear", "QuantizeLinear" -> dims(node.input(0));
      case "Transpose" -> dims(node.input(0)).flatMap(dims -> transposed(node, dims));
      default -> node.domain().isEmpty() ? combined(node) : Optional.empty();
    };
  }

  /** The sizes of what an operator makes of constants, element by element. */
  private Optional<List<Long>> combined(Node node) {
    if (!StandardWidths.ARITHMETIC.contains(node.operator())) {
      return Optional.empty();
    }
    List<Long> all = List.of();
    for (String input : node.inputs()) {
      List<Long> dims = dims(input).orElse(null);
      if (dims == null) {
        return Optional.empty();
      }
      all = broadcast(all, dims);
    }
    return Optional.of(all);
  }

  private static List<Long> broadcast(List<Long> a, List<Long> b) {
    List<Long> longer = a.size() >= b.size() ? a : b;
    List<Long> shorter = longer == a ? b : a;
    int missing = longer.size() - shorter.size();
    return IntStream.range(0, longer.size())
        .mapToObj(
            axis ->
                axis < missing
                    ? longer.get(axis)
                    : (Long) Math.max(longer.get(axis), shorter.get(axis - missing)))
        .toList();
  }

  /** The integers of a constant, row-major; empty for other values. */
  Optional<List<Long>> integers(String value) {
    Constant constant = initializers.get(value);
    if (constant != null) {
      return constant.integers();
    }
    Node node = producers.get(value);
    if (node != null) {
      return node.constant().flatMap(Constant::integers);
    }
    return outer == null || given.containsKey(value) ? Optional.empty() : outer.integers(value);
  }

  /** Whether a value is computed from this one and constants alone. */
  boolean derives(String value, String from) {
    return derives(value, from, new HashSet<>());
  }

  private boolean derives(String value, String from, Set<String> seen) {
    if (value.equals(from) || value.isEmpty() || !seen.add(value) || dims(value).isPresent()) {
      return true;
    }
    Node node = producers.get(value);
    return node != null
        && !branching.contains(node)
        && seen.size() < WidthReader.MAX_STEPS
        && node.inputs().stream().allMatch(input -> derives(input, from, seen));
  }

  private static Optional<List<Long>> transposed(Node node, List<Long> dims) {
    if (!node.attributes().containsKey("perm")) {
      return Optional.of(dims.reversed());
    }
    return node.integers("perm")
        .filter(order -> order.stream().allMatch(axis -> axis >= 0 && axis < dims.size()))
        .map(order -> order.stream().map(axis -> dims.get(axis.intValue())).toList());
  }
}
