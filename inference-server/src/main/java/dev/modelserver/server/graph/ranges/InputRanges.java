package dev.modelserver.server.graph.ranges;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows each input through the nodes that hand its values on, to those that tell what values they
 * expect: tables that it is an index into, categories, thresholds, scales. What is not found is not
 * wrong: it is a help for those who make up inputs.
 */
public final class InputRanges {

  /** Functions in functions. */
  private static final int MAX_DEPTH = 16;

  private final ModelGraph model;
  private final Map<String, ColumnRange> all = new HashMap<>();
  private final Map<String, Map<Integer, ColumnRange>> columns = new HashMap<>();

  private InputRanges(ModelGraph model) {
    this.model = model;
  }

  /** Of each input of which something is known, by name. */
  public static Map<String, InputRange> of(ModelGraph model) {
    InputRanges ranges = new InputRanges(model);
    Scope scope = new Scope(null, model.main().initializers());
    for (Value input : model.main().inputs()) {
      if (!model.main().initializers().containsKey(input.name())) {
        scope.flows.put(input.name(), Flow.of(input.name(), width(input)));
      }
    }
    ranges.walk(model.main().nodes(), scope, 0);
    Map<String, InputRange> found = new HashMap<>();
    for (Value input : model.main().inputs()) {
      String name = input.name();
      if (ranges.all.containsKey(name) || ranges.columns.containsKey(name)) {
        found.put(
            name,
            new InputRange(
                ranges.all.getOrDefault(name, ColumnRange.ANY),
                ranges.columns.getOrDefault(name, Map.of())));
      }
    }
    return found;
  }

  private static int width(Value input) {
    if (!(input.type() instanceof ValueType.Tensor tensor) || tensor.dims() == null) {
      return -1;
    }
    List<Long> dims = tensor.dims();
    return dims.size() < 2 ? 1 : Math.toIntExact(Math.clamp(dims.getLast(), -1, 1 << 20));
  }

  /** The values of a graph, and those of the graphs around it. */
  static final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Constant> constants;
    private final Map<String, Flow> flows = new HashMap<>();

    Scope(@Nullable Scope outer, Map<String, Constant> constants) {
      this.outer = outer;
      this.constants = new HashMap<>(constants);
    }

    Flow flow(String name) {
      Flow flow = flows.get(name);
      return flow != null ? flow : outer == null ? Flow.NOTHING : outer.flow(name);
    }

    Optional<Constant> constant(String name) {
      Constant constant = constants.get(name);
      return constant == null && outer != null
          ? outer.constant(name)
          : Optional.ofNullable(constant);
    }
  }

  private void walk(List<Node> nodes, Scope scope, int depth) {
    for (Node node : nodes) {
      constant(node, scope)
          .ifPresent(value -> scope.constants.put(node.outputs().getFirst(), value));
      Expectations.of(node, scope)
          .forEach(expected -> observe(scope.flow(node.input(expected.input())), expected));
      Optional<ModelGraph.Function> function = model.function(node);
      if (function.isPresent() && depth < MAX_DEPTH) {
        call(function.get(), node, scope, depth);
      } else {
        List<Flow> outputs = Passages.of(node, scope);
        for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
          scope.flows.put(node.outputs().get(i), outputs.get(i));
        }
      }
      // In the same order at every start, which that of a Map.copyOf is not.
      for (Attribute attribute : new TreeMap<>(node.attributes()).values()) {
        if (attribute instanceof Attribute.Subgraph(Graph graph, _)) {
          walk(graph.nodes(), new Scope(scope, graph.initializers()), depth);
        }
      }
    }
  }

  /** A constant, also where it is stored as another type than it is used as. */
  private static Optional<Constant> constant(Node node, Scope scope) {
    boolean converts =
        node.is("Identity") || node.is("Cast") || node.operator().equals("DequantizeLinear");
    return converts ? scope.constant(node.input(0)) : node.constant();
  }

  private void call(ModelGraph.Function function, Node node, Scope scope, int depth) {
    Scope inner = new Scope(null, Map.of());
    for (int i = 0; i < function.inputs().size(); i++) {
      String parameter = function.inputs().get(i);
      inner.flows.put(parameter, scope.flow(node.input(i)));
      scope.constant(node.input(i)).ifPresent(value -> inner.constants.put(parameter, value));
    }
    walk(function.nodes(), inner, depth + 1);
    for (int i = 0; i < Math.min(function.outputs().size(), node.outputs().size()); i++) {
      scope.flows.put(node.outputs().get(i), inner.flow(function.outputs().get(i)));
    }
  }

  private void observe(Flow flow, Expectations.Expected expected) {
    for (Flow.Segment segment : flow.segments()) {
      if (segment.from() < 0) {
        all.merge(segment.input(), expected.range(), ColumnRange::and);
        continue;
      }
      List<Integer> affected = new ArrayList<>();
      for (int i = 0; i < segment.width(); i++) {
        if (expected.column() < 0 || expected.column() == segment.at() + i) {
          affected.add(segment.from() + i);
        }
      }
      Map<Integer, ColumnRange> known =
          columns.computeIfAbsent(segment.input(), name -> new HashMap<>());
      affected.forEach(column -> known.merge(column, expected.range(), ColumnRange::and));
    }
  }
}
