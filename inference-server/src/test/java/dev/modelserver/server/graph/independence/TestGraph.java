package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.Place;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A graph, written down node by node. */
public final class TestGraph {

  private static final Place NOWHERE = new Place(0, 0, 0);
  private static final String FRACTION = "-?\\d+\\.\\d+";

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private final List<Value> inputs = new ArrayList<>();
  private final Map<String, ModelGraph.Function> functions = new HashMap<>();
  private final List<String> outputs = new ArrayList<>();
  private long opset = 17;

  public static TestGraph graph() {
    return new TestGraph();
  }

  public TestGraph opset(long version) {
    opset = version;
    return this;
  }

  /** An input; "?x3" has any number of rows of three numbers. */
  public TestGraph input(String name, String shape) {
    return input(name, Constant.FLOAT, shape);
  }

  /** An input of another element type. */
  public TestGraph input(String name, int element, String shape) {
    List<Long> dims = dims(shape);
    ValueType type = new ValueType.Tensor(element, dims, Collections.nCopies(dims.size(), ""));
    inputs.add(new Value(name, type, NOWHERE));
    return this;
  }

  /** A constant whose values are not kept. */
  public TestGraph weights(String name, String shape) {
    constants.put(name, new Constant(1, dims(shape), null, null, null));
    return this;
  }

  public TestGraph integers(String name, long... values) {
    List<Long> list = Arrays.stream(values).boxed().toList();
    constants.put(name, new Constant(7, List.of((long) values.length), list, null, null));
    return this;
  }

  public TestGraph scalar(String name, long value) {
    constants.put(name, new Constant(7, List.of(), List.of(value), null, null));
    return this;
  }

  public TestGraph floats(String name, double... values) {
    List<Double> list = Arrays.stream(values).boxed().toList();
    constants.put(name, new Constant(1, List.of((long) values.length), null, list, null));
    return this;
  }

  public TestGraph constant(String name, Constant value) {
    constants.put(name, value);
    return this;
  }

  /**
   * A node.
   *
   * @param operator with its domain before a colon, where it has one
   * @param from names of inputs, with blanks between; "-" for one that is left out
   * @param to names of outputs
   * @param attributes each a name, "=", and a number, a list as "[1,2]", or a text; numbers with a
   *     point are floats
   */
  public TestGraph node(String operator, String from, String to, String... attributes) {
    Map<String, Attribute> values = new HashMap<>();
    for (String attribute : attributes) {
      int equals = attribute.indexOf('=');
      values.put(attribute.substring(0, equals), value(attribute.substring(equals + 1)));
    }
    return add(operator, from, to, values);
  }

  /** A node with graphs inside. */
  public TestGraph node(String operator, String from, String to, Map<String, TestGraph> graphs) {
    Map<String, Attribute> values = new HashMap<>();
    graphs.forEach(
        (name, graph) -> values.put(name, new Attribute.Subgraph(graph.build(), NOWHERE)));
    return add(operator, from, to, values);
  }

  /** A scan over the last input. */
  public TestGraph scan(String from, String to, TestGraph body, long scanned) {
    return add(
        "Scan",
        from,
        to,
        Map.of(
            "body",
            new Attribute.Subgraph(body.build(), NOWHERE),
            "num_scan_inputs",
            new Attribute.WholeNumber(scanned)));
  }

  private TestGraph add(
      String operator, String from, String to, Map<String, Attribute> attributes) {
    int colon = operator.indexOf(':');
    String domain = colon < 0 ? "" : operator.substring(0, colon);
    String plain = operator.substring(colon + 1);
    String name = plain.toLowerCase(Locale.ROOT) + nodes.size();
    nodes.add(new Node(domain, plain, "", name, names(from), names(to), attributes, NOWHERE));
    return this;
  }

  /** A function that stands for its nodes. */
  public TestGraph function(String name, String from, String to, TestGraph body) {
    functions.put(
        "local\n" + name + "\n",
        new ModelGraph.Function(
            names(from), names(to), body.nodes, Map.of(), Map.of("", opset), NOWHERE));
    return this;
  }

  /** Names of outputs; without any, those of the last node. */
  public TestGraph output(String... names) {
    outputs.addAll(List.of(names));
    return this;
  }

  private Graph build() {
    List<String> ends = outputs.isEmpty() ? nodes.getLast().outputs() : outputs;
    return new Graph(
        nodes,
        constants,
        List.of(),
        inputs,
        ends.stream().map(name -> new Value(name, new ValueType.Other(), NOWHERE)).toList(),
        Map.of(),
        NOWHERE);
  }

  /** A model of this graph. */
  public ModelGraph model() {
    Map<String, Long> opsets = Map.of("", opset, Node.ML, 3L, Operators.MICROSOFT, 1L);
    return new ModelGraph(8, opsets, build(), functions, Map.of());
  }

  RowIndependence proof() {
    return RowIndependence.of(model());
  }

  private static Attribute value(String text) {
    if (text.startsWith("[")) {
      List<String> items =
          Stream.of(text.substring(1, text.length() - 1).split(","))
              .filter(item -> !item.isEmpty())
              .toList();
      if (!items.isEmpty() && items.getFirst().matches(FRACTION)) {
        return new Attribute.Numbers(
            items.size(), items.stream().map(Double::parseDouble).toList());
      }
      if (!items.isEmpty() && !items.getFirst().matches("-?\\d+")) {
        return new Attribute.Texts(items.size(), items);
      }
      List<Long> list = items.stream().map(Long::parseLong).toList();
      return new Attribute.Integers(
          list.size(), list, list.stream().max(Long::compare).orElse(Long.MIN_VALUE));
    }
    if (text.matches(FRACTION)) {
      return new Attribute.FloatNumber(Double.parseDouble(text));
    }
    return text.matches("-?\\d+")
        ? new Attribute.WholeNumber(Long.parseLong(text))
        : new Attribute.Text(text);
  }

  private static List<String> names(String text) {
    return Stream.of(text.split(" ")).map(name -> name.equals("-") ? "" : name).toList();
  }

  private static List<Long> dims(String shape) {
    return shape.isEmpty()
        ? List.of()
        : Stream.of(shape.split("x"))
            .map(size -> size.equals("?") ? -1L : Long.parseLong(size))
            .toList();
  }
}
