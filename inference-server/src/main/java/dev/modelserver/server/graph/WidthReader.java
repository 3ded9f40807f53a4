package dev.modelserver.server.graph;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows an input through the graph to the constants that fix the size of its last axis. */
final class WidthReader {

  /** A chain of nodes longer than this is not followed to its end. */
  static final int MAX_STEPS = 500;

  private final ModelGraph model;
  private final Map<GraphScope, Map<String, RowWidth>> known = new HashMap<>();

  /** By the graph inside a node, or by the node that calls a function. */
  private final IdentityHashMap<Object, GraphScope> scopes = new IdentityHashMap<>();

  private int depth;

  WidthReader(ModelGraph model) {
    this.model = model;
  }

  @Nullable RowWidth read(String input, int rank) {
    Graph main = model.main();
    GraphScope scope = new GraphScope(main.nodes(), main.initializers(), Map.of(), null);
    return read(scope, input, input, rank);
  }

  /**
   * What all nodes that take a value require of it.
   *
   * @param origin the value of the scope that this one has the width of
   */
  private @Nullable RowWidth read(GraphScope scope, String origin, String value, int rank) {
    Map<String, RowWidth> here = known.computeIfAbsent(scope, _ -> new HashMap<>());
    if (value.isEmpty() || here.containsKey(value) || depth == MAX_STEPS) {
      return here.get(value);
    }
    here.put(value, null);
    depth++;
    RowWidth found = null;
    for (Node node : scope.consumers(value)) {
      for (int i = 0; i < node.inputs().size(); i++) {
        if (node.input(i).equals(value)) {
          found = both(found, at(scope, origin, node, i, rank));
        }
      }
    }
    for (Node node : scope.branching()) {
      found = both(found, inside(scope, node, value, rank));
    }
    depth--;
    here.put(value, found);
    return found;
  }

  /** What one node requires of its input at an index. */
  private @Nullable RowWidth at(GraphScope scope, String origin, Node node, int index, int rank) {
    ModelGraph.Function function = model.function(node).orElse(null);
    if (function != null) {
      return index < function.inputs().size() ? call(scope, function, node, index, rank) : null;
    }
    if (node.is("Scan") || node.is("Loop")) {
      return body(scope, node, index, rank);
    }
    return switch (rule(scope, origin, node, index, rank)) {
      case WidthRule.Fixed(RowWidth width) -> width;
      case WidthRule.Same(int axes) -> read(scope, origin, node.outputs().getFirst(), axes);
      case WidthRule.From(long first) -> {
        String part = node.outputs().getFirst();
        RowWidth rest = read(scope, part, part, rank);
        yield rest == null ? null : RowWidth.atLeast(first + rest.entries());
      }
      case WidthRule.Open() -> null;
    };
  }

  private static WidthRule rule(GraphScope scope, String origin, Node node, int index, int rank) {
    return switch (node.domain()) {
      case Node.ML -> ClassicWidths.of(scope, node, index, rank);
      case "", "com.microsoft" -> StandardWidths.of(scope, origin, node, index, rank);
      default -> WidthRule.OPEN;
    };
  }

  private @Nullable RowWidth call(
      GraphScope scope, ModelGraph.Function function, Node node, int index, int rank) {
    GraphScope body =
        scopes.computeIfAbsent(
            node,
            _ ->
                new GraphScope(
                    function.nodes(), Map.of(), given(scope, node, function.inputs(), 0), null));
    String parameter = function.inputs().get(index);
    return read(body, parameter, parameter, rank);
  }

  /** What the body of a loop requires, which sees a row of each scanned input at a time. */
  private @Nullable RowWidth body(GraphScope scope, Node node, int index, int rank) {
    boolean row = index >= node.inputs().size() - scanned(node);
    if (!(node.attributes().get("body") instanceof Attribute.Subgraph(Graph body, _))
        || node.attributes().containsKey("scan_input_axes")
        || index >= body.inputs().size()
        || (node.is("Loop") && index < 2)
        || (row && rank < 2)) {
      return null;
    }
    String name = body.inputs().get(index).name();
    return read(inner(scope, node, body), name, name, row ? rank - 1 : rank);
  }

  /** A graph inside a node; one that loops gets its inputs from those of the node. */
  private GraphScope inner(GraphScope scope, Node node, Graph graph) {
    return scopes.computeIfAbsent(
        graph,
        _ ->
            new GraphScope(
                graph.nodes(),
                graph.initializers(),
                given(
                    scope, node, graph.inputs().stream().map(Value::name).toList(), scanned(node)),
                scope));
  }

  private static int scanned(Node node) {
    return node.is("Scan") ? (int) node.integer("num_scan_inputs", 0) : 0;
  }

  /** The sizes of the constants among the inputs of a node, the last ones of a row of each. */
  private static Map<String, List<Long>> given(
      GraphScope scope, Node node, List<String> names, int scanned) {
    Map<String, List<Long>> given = new HashMap<>();
    for (int i = 0; i < Math.min(node.inputs().size(), names.size()); i++) {
      String name = names.get(i);
      boolean row = i >= node.inputs().size() - scanned;
      scope
          .dims(node.input(i))
          .filter(dims -> !row || !dims.isEmpty())
          .ifPresent(dims -> given.put(name, row ? dims.subList(1, dims.size()) : dims));
    }
    return given;
  }

  /** What the graphs inside a node require of a value around them, whichever of them runs. */
  private @Nullable RowWidth inside(GraphScope scope, Node node, String value, int rank) {
    RowWidth found = null;
    boolean first = true;
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Subgraph(Graph graph, _)) {
        RowWidth width = read(inner(scope, node, graph), value, value, rank);
        if (!first && (width == null || !width.equals(found))) {
          return null;
        }
        found = width;
        first = false;
      }
    }
    return found;
  }

  private static @Nullable RowWidth both(@Nullable RowWidth a, @Nullable RowWidth b) {
    return a == null ? b : b == null ? a : a.and(b);
  }
}
