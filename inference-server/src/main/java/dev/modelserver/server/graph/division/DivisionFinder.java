package dev.modelserver.server.graph.division;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.Place;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a model as it is run, with what is known of each value, and keeps the divisions that
 * may be asked for what has no result: in the main graph, in branches and loops, in functions.
 */
final class DivisionFinder {

  /** Of graphs and functions in each other; a function that calls itself ends here too. */
  private static final int MAX_DEPTH = 100;

  private record Call(Place function, List<ValueFacts> inputs) {}

  /** What is known of a node that divides, from all calls of the function that it is in. */
  private static final class Found {
    private final Node node;
    private final Context context;
    private int type;
    private boolean several;
    private boolean unsafe;

    Found(Node node, Context context, int type) {
      this.node = node;
      this.context = context;
      this.type = type;
    }

    void met(int other, boolean harmful) {
      several |= other != type;
      type = other;
      unsafe |= harmful;
    }

    Division division() {
      return new Division(node, context.around, context.field, several ? 0 : type, context.opset);
    }
  }

  private final ModelGraph model;
  private final Map<Place, Found> found = new LinkedHashMap<>();
  private final Map<Call, List<ValueFacts>> calls = new HashMap<>();
  private int depth;

  private DivisionFinder(ModelGraph model) {
    this.model = model;
  }

  /** In the order of the file's nodes. */
  static List<Division> of(ModelGraph model) {
    DivisionFinder finder = new DivisionFinder(model);
    long opset = model.opsets().getOrDefault("", 0L);
    var _ =
        finder.graph(
            model.main(),
            new Scope(null),
            List.of(),
            new Context(opset, Division.IN_GRAPH, List.of(model.main().place())));
    return finder.found.values().stream().filter(each -> each.unsafe).map(Found::division).toList();
  }

  /**
   * Where nodes stand.
   *
   * @param field number of the field that holds a node
   */
  private record Context(long opset, int field, List<Place> around) {

    /** In a graph inside a node. */
    Context inside(Place... places) {
      List<Place> all = new ArrayList<>(around);
      all.addAll(List.of(places));
      return new Context(opset, Division.IN_GRAPH, List.copyOf(all));
    }
  }

  /** Values by name; a graph inside a node knows those outside too. */
  private record Scope(Map<String, ValueFacts> values, @Nullable Scope outer) {

    Scope(@Nullable Scope outer) {
      this(new HashMap<>(), outer);
    }

    ValueFacts get(String name) {
      ValueFacts own = values.get(name);
      return own != null ? own : outer == null ? ValueFacts.UNKNOWN : outer.get(name);
    }
  }

  /** The facts of the outputs of a graph, whose inputs are these as far as they are given. */
  private List<ValueFacts> graph(
      Graph graph, @Nullable Scope outer, List<ValueFacts> given, Context context) {
    Scope scope = new Scope(outer);
    graph.initializers().forEach((name, value) -> scope.values.put(name, ValueFacts.of(value)));
    for (int i = 0; i < graph.inputs().size(); i++) {
      // An initializer that is an input too may be sent.
      Value input = graph.inputs().get(i);
      int declared = declared(input);
      ValueFacts facts = i < given.size() ? given.get(i) : ValueFacts.UNKNOWN;
      scope.values.put(input.name(), declared == 0 ? facts : ValueFacts.of(declared));
    }
    Map<String, Integer> types = new HashMap<>();
    graph.values().forEach((name, value) -> types.put(name, declared(value)));
    graph.outputs().forEach(output -> types.put(output.name(), declared(output)));
    nodes(graph.nodes(), scope, types, context);
    return graph.outputs().stream().map(output -> scope.get(output.name())).toList();
  }

  /** The element type that the file tells; of a sequence that of its tensors. */
  private static int declared(Value value) {
    return switch (value.type()) {
      case ValueType.Tensor tensor -> tensor.element();
      case ValueType.Sequence(ValueType.Tensor tensor) -> tensor.element();
      default -> 0;
    };
  }

  private void nodes(List<Node> nodes, Scope scope, Map<String, Integer> types, Context context) {
    for (Node node : nodes) {
      List<ValueFacts> inputs =
          node.inputs().stream()
              .map(name -> name.isEmpty() ? ValueFacts.UNKNOWN : scope.get(name))
              .toList();
      List<ValueFacts> outputs = outputs(node, inputs, scope, context);
      for (int i = 0; i < node.outputs().size(); i++) {
        String name = node.outputs().get(i);
        ValueFacts facts = i < outputs.size() ? outputs.get(i) : ValueFacts.UNKNOWN;
        int declared = types.getOrDefault(name, 0);
        if (!name.isEmpty()) {
          scope.values.put(
              name, facts.type() == 0 && declared != 0 ? ValueFacts.of(declared) : facts);
        }
      }
      boolean divides = node.is("Div") || (node.is("Mod") && node.integer("fmod", 0) == 0);
      if (divides && node.inputs().size() == 2 && node.outputs().size() == 1) {
        divides(node, inputs.get(0), inputs.get(1), scope.get(node.outputs().getFirst()), context);
      }
    }
  }

  private void divides(
      Node node, ValueFacts dividend, ValueFacts divisor, ValueFacts result, Context context) {
    int type =
        IntStream.of(dividend.type(), divisor.type(), result.type())
            .filter(each -> each != 0)
            .findFirst()
            .orElse(0);
    boolean harmful =
        ValueFacts.of(type).dividesUnsafely() && dividend.least() && divisor.minusOne();
    found.computeIfAbsent(node.place(), _ -> new Found(node, context, type)).met(type, harmful);
  }

  private List<ValueFacts> outputs(
      Node node, List<ValueFacts> inputs, Scope scope, Context context) {
    ModelGraph.Function function = model.function(node).orElse(null);
    if (function != null) {
      return call(function, inputs);
    }
    List<List<ValueFacts>> inside = new ArrayList<>();
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Subgraph(Graph graph, Place place) && depth < MAX_DEPTH) {
        depth++;
        inside.add(
            graph(
                graph,
                scope,
                given(node, inputs),
                context.inside(node.place(), place, graph.place())));
        depth--;
      }
    }
    if (inside.isEmpty()) {
      List<ValueFacts> outputs = new ArrayList<>();
      for (int i = 0; i < node.outputs().size(); i++) {
        outputs.add(TypeRules.output(node, inputs, i));
      }
      return outputs;
    }
    return switch (node.operator()) {
      case "If" -> either(inside);
      // The first output of a body says whether to go on.
      case "Loop" ->
          types(
              inside
                  .getFirst()
                  .subList(Math.min(1, inside.getFirst().size()), inside.getFirst().size()));
      default -> types(inside.getFirst());
    };
  }

  /** The values that a graph inside a node begins with, where the node gives them. */
  private static List<ValueFacts> given(Node node, List<ValueFacts> inputs) {
    return switch (node.operator()) {
      case "Loop" -> {
        // Its count and its condition; then values that the body replaces by others.
        List<ValueFacts> given =
            new ArrayList<>(List.of(ValueFacts.counting(ValueFacts.INT64), ValueFacts.counting(9)));
        given.addAll(types(inputs.subList(Math.min(2, inputs.size()), inputs.size())));
        yield given;
      }
      case "Scan" -> types(inputs);
      default -> List.of();
    };
  }

  private static List<ValueFacts> types(List<ValueFacts> facts) {
    return facts.stream().map(each -> ValueFacts.of(each.type())).toList();
  }

  private static List<ValueFacts> either(List<List<ValueFacts>> branches) {
    List<ValueFacts> outputs = new ArrayList<>(branches.getFirst());
    for (List<ValueFacts> branch : branches) {
      for (int i = 0; i < Math.min(outputs.size(), branch.size()); i++) {
        outputs.set(i, outputs.get(i).or(branch.get(i)));
      }
    }
    return outputs;
  }

  private List<ValueFacts> call(ModelGraph.Function function, List<ValueFacts> inputs) {
    Call call = new Call(function.place(), inputs);
    List<ValueFacts> known = calls.get(call);
    if (known != null) {
      return known;
    }
    if (depth >= MAX_DEPTH) {
      return List.of();
    }
    Scope scope = new Scope(null);
    for (int i = 0; i < Math.min(inputs.size(), function.inputs().size()); i++) {
      scope.values.put(function.inputs().get(i), inputs.get(i));
    }
    long opset = function.opsets().getOrDefault("", model.opsets().getOrDefault("", 0L));
    calls.put(call, List.of());
    depth++;
    nodes(
        function.nodes(),
        scope,
        Map.of(),
        new Context(opset, Division.IN_FUNCTION, List.of(function.place())));
    depth--;
    List<ValueFacts> outputs = function.outputs().stream().map(scope::get).toList();
    calls.put(call, outputs);
    return outputs;
  }
}
