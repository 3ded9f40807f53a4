package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node with what is known about its inputs. */
final class Call {

  private static final String NO_SHAPE = "takes a value whose shape is not known";

  private final Node node;
  private final long opset;
  private final List<@Nullable RowValue> inputs;
  private final Symbols symbols;

  /**
   * Makes one.
   *
   * @param opset version of the node's set of operators; 0: not known
   * @param inputs null for one that is left out
   */
  Call(Node node, long opset, List<@Nullable RowValue> inputs, Symbols symbols) {
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
    this.symbols = symbols;
  }

  Node node() {
    return node;
  }

  long opset() {
    return opset;
  }

  Symbols symbols() {
    return symbols;
  }

  int count() {
    return inputs.size();
  }

  boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  /** Whatever the input is. */
  RowValue value(int input) throws RowsMixException {
    RowValue value = input < inputs.size() ? inputs.get(input) : null;
    if (value == null) {
      throw new RowsMixException("lacks an input");
    }
    return value;
  }

  /** An input whose numbers may depend on how many rows there are. */
  Tensor sizes(int input) throws RowsMixException {
    if (value(input) instanceof Tensor tensor) {
      return tensor;
    }
    throw new RowsMixException("takes a value that is not a tensor");
  }

  /** An input of the kind that carries data. */
  Tensor tensor(int input) throws RowsMixException {
    Tensor tensor = sizes(input);
    if (tensor.counts()) {
      throw new RowsMixException("computes with the number of rows");
    }
    return tensor;
  }

  /** The same for all inputs that are there. */
  List<Tensor> tensors() throws RowsMixException {
    List<Tensor> tensors = new ArrayList<>();
    for (int input = 0; input < inputs.size(); input++) {
      if (has(input)) {
        tensors.add(tensor(input));
      }
    }
    return tensors;
  }

  /**
   * An input that must not depend on the rows.
   *
   * @param what what it is, as in "weights"
   */
  Tensor fixed(int input, String what) throws RowsMixException {
    Tensor tensor = tensor(input);
    if (tensor.hasRows()) {
      throw new RowsMixException("takes " + what + " that depend on the rows");
    }
    return tensor;
  }

  /** The same for inputs that may be left out. */
  void fixed(String what, int... optional) throws RowsMixException {
    for (int input : optional) {
      if (has(input)) {
        var _ = fixed(input, what);
      }
    }
  }

  /** Refuses to go on with a tensor whose rows do not lie along this axis. */
  static void requireRowsAlong(int axis, Tensor tensor) throws RowsMixException {
    if (tensor.hasRows() && tensor.rowAxis() != axis) {
      throw new RowsMixException(
          "takes axis "
              + tensor.rowAxis()
              + " of its input, which has the rows, for something else");
    }
  }

  /** The sizes of an input, which must be known. */
  static List<Dim> dims(Tensor tensor) throws RowsMixException {
    List<Dim> dims = tensor.dims();
    if (dims == null) {
      throw new RowsMixException(NO_SHAPE);
    }
    return dims;
  }

  /** The numbers of an input; empty when they are not known. */
  Optional<List<Dim>> elements(int input) throws RowsMixException {
    return has(input) ? Optional.ofNullable(sizes(input).elements()) : Optional.empty();
  }

  /** The whole numbers of an input; empty when one of them is not known. */
  Optional<List<Long>> integers(int input) throws RowsMixException {
    return elements(input)
        .filter(list -> list.stream().allMatch(Dim::isConstant))
        .map(list -> list.stream().map(Dim::factor).toList());
  }

  /**
   * Whole numbers that became an input in some version of the operator, and were an attribute
   * before; empty when they are not known.
   */
  Optional<List<Long>> integers(String attribute, int input) throws RowsMixException {
    return has(input) ? integers(input) : node.integers(attribute);
  }

  /** Whether numbers that are an attribute or an input are left out. */
  boolean lacks(String attribute, int input) {
    return !has(input) && !node.attributes().containsKey(attribute);
  }

  /** An axis of a tensor of this rank, counted from 0. */
  static int axis(long axis, int rank) throws RowsMixException {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= Math.max(1, rank)) {
      throw new RowsMixException("has no axis " + axis);
    }
    return (int) counted;
  }

  /** Axes of a tensor of this rank. */
  static List<Integer> axes(List<Long> axes, int rank) throws RowsMixException {
    List<Integer> counted = new ArrayList<>();
    for (long axis : axes) {
      counted.add(axis(axis, rank));
    }
    return counted;
  }

  /**
   * A tensor that is made of sizes; refuses one in which two axes have the rows.
   *
   * @param dims none of them depends on the rows in an unknown way
   */
  static Tensor tensor(List<Dim> dims) throws RowsMixException {
    if (dims.stream().anyMatch(Dim::isUnknown)) {
      throw new RowsMixException("makes a shape that depends on the number of rows");
    }
    if (dims.stream().filter(Dim::rows).count() > 1) {
      throw new RowsMixException("combines each row with every other row");
    }
    return Tensor.of(dims);
  }
}
