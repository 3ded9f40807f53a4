package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import dev.modelserver.server.graph.independence.RowValue.Unproved;
import dev.modelserver.server.text.ForeignText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows rows through the nodes of a graph, in the order of the file. */
final class GraphWalk {

  /** Bodies of loops are walked several times. */
  private static final int MAX_NODES = 1_000_000;

  private static final int MAX_DEPTH = 100;
  private static final int MAX_NAME = 80;

  /** Longer vectors are no shapes. */
  private static final int MAX_RANK = 16;

  private final ModelGraph model;
  private final Symbols symbols;
  private final LastBits lastBits = new LastBits();
  private final ControlFlow controlFlow = new ControlFlow(this);
  private int nodes;
  private int depth;

  GraphWalk(ModelGraph model, Symbols symbols) {
    this.model = model;
    this.symbols = symbols;
  }

  Symbols symbols() {
    return symbols;
  }

  /** What was found on the way about the rounding of values. */
  LastBits lastBits() {
    return lastBits;
  }

  /**
   * Follows a graph whose inputs stand in the scope.
   *
   * @return its outputs
   */
  List<RowValue> graph(Graph graph, Scope scope) throws RowsMixException {
    graph
        .initializers()
        .forEach(
            (name, constant) -> {
              if (!name.isEmpty()) {
                lastBits.constant(name, constant);
                scope.put(name, Tensor.of(constant, symbols));
              }
            });
    graph.sparse().forEach(name -> scope.put(name, Tensor.UNKNOWN_SHAPE));
    nodes(graph.nodes(), scope);
    return graph.outputs().stream().map(output -> value(output.name(), scope)).toList();
  }

  private void nodes(List<Node> all, Scope scope) throws RowsMixException {
    for (Node node : all) {
      nodes++;
      if (nodes > MAX_NODES) {
        throw new RowsMixException("is in a graph that is too large to be followed");
      }
      List<RowValue> outputs = outputs(node, scope);
      for (int i = 0; i < node.outputs().size(); i++) {
        scope.put(
            node.outputs().get(i),
            i < outputs.size()
                ? outputs.get(i)
                : new Unproved(subject(node) + " has an output that depends on all rows"));
      }
    }
  }

  private static RowValue value(String name, Scope scope) {
    return scope.get(name).orElse(new Unproved("nothing makes the value " + quoted(name)));
  }

  private List<RowValue> outputs(Node node, Scope scope) {
    List<@Nullable RowValue> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      RowValue input = name.isEmpty() ? null : value(name, scope);
      if (input instanceof Unproved) {
        return Collections.nCopies(node.outputs().size(), input);
      }
      inputs.add(input);
    }
    try {
      Node resolved = resolved(node, scope);
      Call call = new Call(resolved, scope.opset(node.domain()), inputs, symbols);
      List<RowValue> outputs = apply(call, scope).stream().map(this::numbered).toList();
      lastBits.node(resolved, inputs, outputs);
      return outputs;
    } catch (RowsMixException e) {
      return Collections.nCopies(
          node.outputs().size(), new Unproved(subject(node) + " " + e.what()));
    }
  }

  private List<RowValue> apply(Call call, Scope scope) throws RowsMixException {
    Node node = call.node();
    Optional<ModelGraph.Function> function = model.function(node);
    if (function.isPresent()) {
      return function(function.get(), call);
    }
    return switch (node.domain().isEmpty() ? node.operator() : "") {
      case "If" -> controlFlow.branch(call, scope);
      case "Loop" -> controlFlow.loop(call, scope);
      case "Scan" -> controlFlow.scan(call, scope);
      default -> {
        if (node.attributes().values().stream().anyMatch(Attribute.Subgraph.class::isInstance)) {
          throw new RowsMixException("is not known to keep rows apart");
        }
        yield Operators.apply(call);
      }
    };
  }

  private List<RowValue> function(ModelGraph.Function function, Call call) throws RowsMixException {
    Map<String, Attribute> attributes = new HashMap<>(function.defaults());
    attributes.putAll(call.node().attributes());
    Scope scope = Scope.of(function.opsets(), attributes);
    for (int i = 0; i < function.inputs().size(); i++) {
      if (call.has(i)) {
        scope.put(function.inputs().get(i), call.value(i));
      }
    }
    depth++;
    try {
      if (depth > MAX_DEPTH) {
        throw new RowsMixException("calls functions that call too many others");
      }
      nodes(function.nodes(), scope);
    } finally {
      depth--;
    }
    return function.outputs().stream().map(name -> value(name, scope)).toList();
  }

  /** The node with the attributes of the function's call in place of their names. */
  private static Node resolved(Node node, Scope scope) {
    if (node.attributes().values().stream().noneMatch(Attribute.Reference.class::isInstance)) {
      return node;
    }
    Map<String, Attribute> attributes = new HashMap<>();
    node.attributes()
        .forEach(
            (name, attribute) -> {
              if (attribute instanceof Attribute.Reference(String referred)) {
                scope.attribute(referred).ifPresent(value -> attributes.put(name, value));
              } else {
                attributes.put(name, attribute);
              }
            });
    return new Node(
        node.domain(),
        node.operator(),
        node.overload(),
        node.name(),
        node.inputs(),
        node.outputs(),
        attributes,
        node.place());
  }

  /** A short vector that does not depend on the rows becomes one of unknown numbers. */
  private RowValue numbered(RowValue value) {
    if (value instanceof Tensor tensor
        && tensor.elements() == null
        && tensor.dims() != null
        && tensor.dims().size() <= 1) {
      Dim count = Dim.product(tensor.dims());
      if (count.isConstant() && count.factor() <= MAX_RANK) {
        List<Dim> elements = new ArrayList<>();
        for (long i = 0; i < count.factor(); i++) {
          elements.add(symbols.fresh());
        }
        return new Tensor(tensor.dims(), elements);
      }
    }
    return value;
  }

  /** The node as the subject of a sentence. */
  static String subject(Node node) {
    String operator = " (" + shown(node.operator()) + ")";
    if (!node.name().isEmpty()) {
      return "node " + quoted(node.name()) + operator;
    }
    String output = node.outputs().stream().filter(name -> !name.isEmpty()).findFirst().orElse("");
    return "the node that makes " + quoted(output) + operator;
  }

  static String quoted(String name) {
    return "'" + shown(name) + "'";
  }

  private static String shown(String name) {
    return ForeignText.shown(name, MAX_NAME);
  }
}
