package dev.modelserver.server.graph;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/** What the operators of ONNX itself, and ONNX Runtime's own, say about the width of rows. */
final class StandardWidths {

  /** Operators that compute each element of the first output from that of the first input. */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          ("Abs Cast CastLike Ceil Celu Clip DequantizeLinear Dropout DynamicQuantizeLinear Elu Erf"
                  + " Exp Floor Gelu HardSigmoid HardSwish Hardmax Identity IsInf IsNaN LeakyRelu"
                  + " Log LogSoftmax LpNormalization Neg Not QuantizeLinear Reciprocal Relu Round"
                  + " Selu Sigmoid Sign Softmax Softplus Softsign Sqrt Tanh ThresholdedRelu")
              .split(" "));

  /** Operators that combine the elements of several inputs. */
  static final Set<String> ARITHMETIC =
      Set.of("Add", "Div", "Max", "Mean", "Min", "Mul", "PRelu", "Pow", "Sub", "Sum", "Where");

  /** The same, where a vector may also be a list of values to compare each element with. */
  private static final Set<String> COMPARISONS =
      Set.of("And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Xor");

  /** A block larger than this is not multiplied out. */
  private static final long MAX_SIZE = 1 << 24;

  private final GraphScope scope;
  private final Node node;
  private final int rank;

  private StandardWidths(GraphScope scope, Node node, int rank) {
    this.scope = scope;
    this.node = node;
    this.rank = rank;
  }

  /**
   * What {@code node} says about its input at {@code index}, which has {@code rank} axes (0: not
   * known).
   *
   * @param origin the value of the scope that the input has the width of
   */
  static WidthRule of(GraphScope scope, String origin, Node node, int index, int rank) {
    StandardWidths widths = new StandardWidths(scope, node, rank);
    return switch (node.operator()) {
      case String name when ARITHMETIC.contains(name) || COMPARISONS.contains(name) ->
          widths.broadcast(origin, index);
      case "Gemm", "FusedGemm" -> widths.gemm(index);
      case "Concat" -> widths.unlessLast(node.integer("axis", 0), WidthRule.OPEN);
      default -> index == 0 ? widths.first() : WidthRule.OPEN;
    };
  }

  private WidthRule first() {
    return switch (node.operator()) {
      case "MatMul", "MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul" ->
          rowsOf(1, false);
      case "QLinearMatMul" -> rowsOf(3, false);
      case "FusedMatMul" ->
          node.integer("transA", 0) == 0
              ? rowsOf(1, node.integer("transB", 0) != 0)
              : WidthRule.OPEN;
      case "MatMulNBits" -> WidthRule.exactly(node.integer("K", 0));
      case "CDist" -> rowsOf(1, true);
      case "BatchNormalization" -> rank == 2 ? lastOf(1, 1) : WidthRule.OPEN;
      case "LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization" ->
          node.integer("axis", -1) == -1 ? lastOf(1, 1) : WidthRule.OPEN;
      case "RNN", "GRU", "LSTM" -> lastOf(1, 3);
      case "Gather" ->
          isLast(node.integer("axis", 0))
              ? ClassicWidths.indices(scope.integers(node.input(1)))
              : WidthRule.OPEN;
      case "Reshape" -> reshape();
      case "Flatten" ->
          rank == 2 && node.integer("axis", 1) == 1 ? new WidthRule.Same(2) : WidthRule.OPEN;
      case "Unsqueeze" -> unsqueeze();
      case "Split" ->
          unlessLast(
              node.integer("axis", 0),
              WidthRule.exactly(list("split", 1).map(ClassicWidths::sum).orElse(0L)));
      case "Slice" -> slice();
      default -> ELEMENTWISE.contains(node.operator()) ? new WidthRule.Same(rank) : WidthRule.OPEN;
    };
  }

  /** Beside a vector of the width, or beside one value for all. */
  private WidthRule broadcast(String origin, int index) {
    boolean kept = true;
    for (int i = 0; i < node.inputs().size(); i++) {
      if (i != index) {
        String other = node.input(i);
        Optional<List<Long>> dims = scope.dims(other);
        long width = dims.filter(sizes -> !sizes.isEmpty()).map(List::getLast).orElse(1L);
        if (width > 1) {
          return ARITHMETIC.contains(node.operator()) ? WidthRule.exactly(width) : WidthRule.OPEN;
        }
        kept &= dims.isPresent() || scope.derives(other, origin);
      }
    }
    return kept ? new WidthRule.Same(rank) : WidthRule.OPEN;
  }

  private WidthRule gemm(int index) {
    boolean turnedA = node.integer("transA", 0) != 0;
    boolean turnedB = node.integer("transB", 0) != 0;
    if (index == 0 && !turnedA) {
      return rowsOf(1, turnedB);
    }
    return index == 1 && turnedB ? rowsOf(0, !turnedA) : WidthRule.OPEN;
  }

  /** As many as an input has rows, or columns where it is turned; a vector's entries. */
  private WidthRule rowsOf(int input, boolean turned) {
    return WidthRule.exactly(
        scope
            .dims(node.input(input))
            .filter(dims -> !dims.isEmpty())
            .map(dims -> dims.get(dims.size() - (dims.size() == 1 || turned ? 1 : 2)))
            .orElse(0L));
  }

  /** The same width as the last axis of an input with this rank. */
  private WidthRule lastOf(int input, int axes) {
    return WidthRule.exactly(
        scope
            .dims(node.input(input))
            .filter(dims -> dims.size() == axes)
            .map(List::getLast)
            .orElse(0L));
  }

  /**
   * Rows made into blocks of one size have that size. A new number of rows of another width (-1 and
   * one size) is what a model may be for, and says nothing.
   */
  private WidthRule reshape() {
    List<Long> shape = scope.integers(node.input(1)).orElse(List.of());
    if (rank != 2
        || shape.size() < 2
        || shape.getFirst() > 0
        || (shape.getFirst() < 0 && shape.size() == 2)) {
      return WidthRule.OPEN;
    }
    if (shape.equals(List.of(0L, -1L))) {
      return new WidthRule.Same(2);
    }
    long size = 1;
    for (long dim : shape.subList(1, shape.size())) {
      size = dim <= 0 || size * dim > MAX_SIZE ? 0 : size * dim;
    }
    return size == 1 ? WidthRule.OPEN : WidthRule.exactly(size);
  }

  private WidthRule unsqueeze() {
    List<Long> axes = list("axes", 1).orElse(List.of());
    int all = rank + axes.size();
    boolean behind = axes.stream().anyMatch(axis -> axis == -1 || axis == all - 1);
    return rank == 0 || axes.isEmpty() || behind ? WidthRule.OPEN : new WidthRule.Same(all);
  }

  private WidthRule slice() {
    List<Long> starts = list("starts", 1).orElse(List.of());
    boolean all = node.input(3).isEmpty() && !node.attributes().containsKey("axes");
    List<Long> axes =
        all
            ? LongStream.range(0, starts.size()).boxed().toList()
            : list("axes", 3).orElse(List.of());
    boolean plain =
        node.input(4).isEmpty()
            || scope.integers(node.input(4)).stream()
                .flatMap(List::stream)
                .allMatch(step -> step == 1);
    if (rank == 0 || starts.size() != axes.size() || !plain) {
      return WidthRule.OPEN;
    }
    for (int i = 0; i < axes.size(); i++) {
      if (isLast(axes.get(i))) {
        return starts.get(i) >= 0 ? new WidthRule.From(starts.get(i)) : WidthRule.OPEN;
      }
    }
    return new WidthRule.Same(rank);
  }

  /** A list that is an attribute in old sets of operators, and an input in new ones. */
  private Optional<List<Long>> list(String attribute, int input) {
    return node.attributes().containsKey(attribute)
        ? node.integers(attribute)
        : scope.integers(node.input(input));
  }

  /** Where an axis is the last one that rule, else the width stays. */
  private WidthRule unlessLast(long axis, WidthRule rule) {
    return isLast(axis) ? rule : rank == 0 ? WidthRule.OPEN : new WidthRule.Same(rank);
  }

  private boolean isLast(long axis) {
    return axis == -1 || (rank > 0 && axis == rank - 1);
  }
}
