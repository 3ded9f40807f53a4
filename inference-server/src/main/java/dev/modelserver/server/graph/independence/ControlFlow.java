package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import dev.modelserver.server.graph.independence.RowValue.Unproved;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** If, Loop and Scan. */
final class ControlFlow {

  /** Walks of a body until what it goes on with stays the same. */
  private static final int MAX_PASSES = 4;

  private final GraphWalk walk;

  ControlFlow(GraphWalk walk) {
    this.walk = walk;
  }

  private static Graph body(Node node, String attribute) throws RowsMixException {
    if (node.attributes().get(attribute) instanceof Attribute.Subgraph(Graph graph, _)) {
      return graph;
    }
    throw new RowsMixException("lacks its graph");
  }

  /** Refuses a number that decides what is computed, and depends on the rows. */
  private static Optional<Long> decided(Call call, int input) throws RowsMixException {
    if (!call.has(input)) {
      return Optional.empty();
    }
    Tensor tensor = call.sizes(input);
    if (tensor.hasRows()) {
      throw new RowsMixException("decides by the values of the rows");
    }
    if (tensor.counts()) {
      throw new RowsMixException("decides by the number of rows");
    }
    return call.integers(input).filter(list -> list.size() == 1).map(List::getFirst);
  }

  List<RowValue> branch(Call call, Scope scope) throws RowsMixException {
    Optional<Long> condition = decided(call, 0);
    Graph then = body(call.node(), "then_branch");
    Graph otherwise = body(call.node(), "else_branch");
    if (condition.isPresent()) {
      return walk.graph(condition.get() != 0 ? then : otherwise, scope.inner());
    }
    List<RowValue> a = walk.graph(then, scope.inner());
    List<RowValue> b = walk.graph(otherwise, scope.inner());
    List<RowValue> joined = new ArrayList<>();
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      joined.add(joined(a.get(i), b.get(i), call.node() + " " + i));
    }
    return joined;
  }

  /** What holds for both values, of which one is there, and not by the rows. */
  private RowValue joined(RowValue a, RowValue b, String place) throws RowsMixException {
    if (a instanceof Unproved || a.equals(b)) {
      return a;
    }
    if (b instanceof Unproved) {
      return b;
    }
    if (!(a instanceof Tensor x) || !(b instanceof Tensor y) || x.counts() || y.counts()) {
      throw new RowsMixException("gives one of two values that differ");
    }
    if (!x.hasRows() && !y.hasRows()) {
      boolean alike = x.dims() != null && y.dims() != null && x.dims().size() == y.dims().size();
      return alike ? widened(x, y, place) : Tensor.UNKNOWN_SHAPE;
    }
    if (x.rowAxis() != y.rowAxis()
        || Call.dims(x).size() != Call.dims(y).size()
        || !Call.dims(x).get(x.rowAxis()).equals(Call.dims(y).get(y.rowAxis()))) {
      throw new RowsMixException("gives one of two values that are cut into different rows");
    }
    return widened(x, y, place);
  }

  private Tensor widened(Tensor a, Tensor b, String place) throws RowsMixException {
    List<Dim> to = new ArrayList<>(Call.dims(a));
    for (int axis = 0; axis < to.size(); axis++) {
      if (!to.get(axis).equals(Call.dims(b).get(axis))) {
        to.set(axis, walk.symbols().computedSize("either " + place + " " + axis));
      }
    }
    return Call.tensor(to);
  }

  List<RowValue> loop(Call call, Scope scope) throws RowsMixException {
    Graph body = body(call.node(), "body");
    Optional<Long> trips = decided(call, 0);
    var _ = decided(call, 1);
    List<RowValue> first = new ArrayList<>(List.of(Tensor.of(), Tensor.of()));
    List<RowValue> states = new ArrayList<>();
    for (int input = 2; input < call.count(); input++) {
      states.add(call.value(input));
    }
    List<RowValue> outputs = settled(call.node(), body, scope, first, states, 1);
    if (outputs.getFirst() instanceof Unproved) {
      return Collections.nCopies(call.node().outputs().size(), outputs.getFirst());
    }
    if (!(outputs.getFirst() instanceof Tensor goesOn) || goesOn.hasRows() || goesOn.counts()) {
      throw new RowsMixException("ends by the values of the rows");
    }
    Dim size = trips.map(Dim::of).orElseGet(walk.symbols()::freshSize);
    List<RowValue> results = new ArrayList<>(outputs.subList(1, 1 + states.size()));
    for (RowValue each : outputs.subList(1 + states.size(), outputs.size())) {
      results.add(stacked(each, size, 0));
    }
    return results;
  }

  /**
   * The outputs of a body, once what it goes on with stays the same.
   *
   * @param before inputs of the body in front of the states
   * @param states what the first walk begins with; what holds at any time, afterwards
   * @param at where the states are in the outputs
   */
  private List<RowValue> settled(
      Node node, Graph body, Scope scope, List<RowValue> before, List<RowValue> states, int at)
      throws RowsMixException {
    return settled(node, body, scope, before, states, at, List.of());
  }

  private List<RowValue> settled(
      Node node,
      Graph body,
      Scope scope,
      List<RowValue> before,
      List<RowValue> states,
      int at,
      List<RowValue> after)
      throws RowsMixException {
    states.replaceAll(ControlFlow::changing);
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      Scope inner = scope.inner();
      List<RowValue> inputs = new ArrayList<>(before);
      inputs.addAll(states);
      inputs.addAll(after);
      for (int i = 0; i < Math.min(inputs.size(), body.inputs().size()); i++) {
        inner.put(body.inputs().get(i).name(), inputs.get(i));
      }
      List<RowValue> outputs = walk.graph(body, inner);
      if (outputs.size() < at + states.size()) {
        throw new RowsMixException("has a body of another number of outputs");
      }
      boolean same = true;
      for (int i = 0; i < states.size(); i++) {
        RowValue next = changing(outputs.get(at + i));
        if (next instanceof Unproved) {
          return Collections.nCopies(outputs.size(), next);
        }
        RowValue joined = joined(states.get(i), next, node.outputs() + " " + i);
        same &= joined.equals(states.get(i));
        states.set(i, joined);
      }
      if (same) {
        List<RowValue> settled = new ArrayList<>(outputs);
        for (int i = 0; i < states.size(); i++) {
          settled.set(at + i, states.get(i));
        }
        return settled;
      }
    }
    throw new RowsMixException("goes on with values of ever another shape");
  }

  /** Numbers may be others at every turn. */
  private static RowValue changing(RowValue value) {
    return value instanceof Tensor tensor && !tensor.counts()
        ? new Tensor(tensor.dims(), null)
        : value;
  }

  private static RowValue stacked(RowValue value, Dim size, long axis) throws RowsMixException {
    if (!(value instanceof Tensor tensor) || tensor.dims() == null) {
      return value instanceof Tensor ? Tensor.UNKNOWN_SHAPE : value;
    }
    if (tensor.counts()) {
      throw new RowsMixException("computes with the number of rows");
    }
    List<Dim> to = new ArrayList<>(Call.dims(tensor));
    to.add(Call.axis(axis, to.size() + 1), size);
    return Call.tensor(to);
  }

  List<RowValue> scan(Call call, Scope scope) throws RowsMixException {
    Node node = call.node();
    Graph body = body(node, "body");
    int scanned = (int) node.integer("num_scan_inputs", 0);
    int count = call.count() - scanned;
    if (call.opset() < 9 || scanned < 1 || count < 0) {
      throw new RowsMixException("is not known to keep rows apart");
    }
    List<Long> axes = node.integers("scan_input_axes").orElse(Collections.nCopies(scanned, 0L));
    List<RowValue> states = new ArrayList<>();
    for (int input = 0; input < count; input++) {
      states.add(call.tensor(input));
    }
    List<RowValue> slices = new ArrayList<>();
    Dim size = Dim.ONE;
    int overRows = 0;
    for (int i = 0; i < scanned; i++) {
      Tensor tensor = call.tensor(count + i);
      List<Dim> dims = new ArrayList<>(Call.dims(tensor));
      int axis = Call.axis(axes.get(i), dims.size());
      overRows += tensor.rowAxis() == axis ? 1 : 0;
      if (i > 0 && overRows > 0 && !dims.get(axis).equals(size)) {
        throw new RowsMixException("goes over inputs that are not cut into the same rows");
      }
      size = dims.remove(axis);
      slices.add(Tensor.of(dims));
    }
    if (overRows > 0 && overRows < scanned) {
      throw new RowsMixException("goes over rows and other values together");
    }
    if (overRows > 0) {
      requireUnchanged(body, states);
    }
    List<RowValue> outputs = settled(node, body, scope, List.of(), states, 0, slices);
    List<Long> outputAxes =
        node.integers("scan_output_axes")
            .orElse(Collections.nCopies(Math.max(0, outputs.size() - count), 0L));
    List<RowValue> results = new ArrayList<>(outputs.subList(0, count));
    for (int i = count; i < outputs.size(); i++) {
      results.add(stacked(outputs.get(i), size, outputAxes.get(i - count)));
    }
    return results;
  }

  /** A body that goes over the rows must hand nothing on from one to the next. */
  private static void requireUnchanged(Graph body, List<RowValue> states) throws RowsMixException {
    Map<String, Node> producers = body.producers();
    for (int i = 0; i < states.size(); i++) {
      String name = body.outputs().get(i).name();
      Node producer = producers.get(name);
      while (producer != null && producer.is("Identity")) {
        name = producer.input(0);
        producer = producers.get(name);
      }
      if (!name.equals(body.inputs().get(i).name())) {
        throw new RowsMixException("goes from row to row");
      }
    }
  }
}
