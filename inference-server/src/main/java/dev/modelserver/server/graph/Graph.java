package dev.modelserver.server.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph: that of the model, or one inside a node that branches or loops.
 *
 * @param nodes in the order of the file, in which a value is made before it is used
 * @param initializers constants by name
 * @param sparse names of constants in sparse form, whose values are not read
 * @param inputs in the order of the file; one that is an initializer too has a default
 * @param outputs in the order of the file
 * @param values types that the file tells of values inside the graph, by name
 * @param place of the whole graph
 */
public record Graph(
    List<Node> nodes,
    Map<String, Constant> initializers,
    List<String> sparse,
    List<Value> inputs,
    List<Value> outputs,
    Map<String, Value> values,
    Place place) {

  public Graph {
    nodes = List.copyOf(nodes);
    initializers = Map.copyOf(initializers);
    sparse = List.copyOf(sparse);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    values = Map.copyOf(values);
  }

  /** An input or output of this name. */
  public static Optional<Value> named(List<Value> values, String name) {
    return values.stream().filter(value -> value.name().equals(name)).findFirst();
  }

  /** The node that makes each value, by the name of the value. */
  public Map<String, Node> producers() {
    Map<String, Node> producers = new HashMap<>();
    for (Node node : nodes) {
      node.outputs().stream()
          .filter(name -> !name.isEmpty())
          .forEach(name -> producers.put(name, node));
    }
    return producers;
  }

  /** The constant of this name: an initializer, or what a Constant node makes. */
  public Optional<Constant> constant(String name) {
    Constant initializer = initializers.get(name);
    if (initializer != null) {
      return inputs.stream().anyMatch(input -> input.name().equals(name))
          ? Optional.empty()
          : Optional.of(initializer);
    }
    return nodes.stream()
        .filter(node -> node.outputs().contains(name))
        .findFirst()
        .flatMap(Node::constant);
  }
}
