package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ValueType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the last bits of a number depend on its place in a tensor. The kernels of some functions
 * compute as many elements at once as a vector register holds, and those that are left over at the
 * end of the tensor by another formula, which rounds differently for one value in ten or one in a
 * thousand: too seldom for trial rows to show. Which functions these are was measured with ONNX
 * Runtime 1.28 on 1 to 17 rows against 4,000, and extended to the others of the same library.
 *
 * <p>Sums are another case, see {@link RowSums}.
 */
final class LastBits {

  private static final Set<String> ALWAYS =
      Set.of(
          "Acos",
          "Acosh",
          "Asin",
          "Asinh",
          "Atan",
          "Atanh",
          "Celu",
          "Cos",
          "Cosh",
          "Elu",
          "Log",
          "Mish",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "Selu",
          "Sin",
          "Sinh",
          "Softplus",
          "Tan");

  /** Those whose kernels for floats of 32 bits have one formula for all elements. */
  private static final Set<String> UNLESS_FLOAT =
      Set.of(
          "BiasGelu",
          "Erf",
          "Exp",
          "FastGelu",
          "GRU",
          "Gelu",
          "LSTM",
          "LogSoftmax",
          "QuickGelu",
          "RNN",
          "Sigmoid",
          "Softmax",
          "Swish",
          "Tanh");

  private final Set<String> otherConstants = new HashSet<>();
  private boolean otherRows;
  private @Nullable Node always;
  private @Nullable Node unlessFloat;

  /** An input of the model, which has rows. */
  void input(Value input) {
    otherRows |= input.type() instanceof ValueType.Tensor tensor && isOther(tensor.element());
  }

  void constant(String name, Constant constant) {
    if (isOther(constant.type())) {
      otherConstants.add(name);
    }
  }

  /** A node with its inputs, null where one is left out, and its outputs. */
  void node(Node node, List<@Nullable RowValue> inputs, List<RowValue> outputs) {
    node.constant().ifPresent(constant -> constant(node.outputs().getFirst(), constant));
    if (outputs.stream().noneMatch(LastBits::hasRows)) {
      return;
    }
    boolean differs =
        ALWAYS.contains(node.operator()) || RowSums.dependOnPlace(node, inputs, outputs);
    if (differs && always == null) {
      always = node;
    }
    if (UNLESS_FLOAT.contains(node.operator()) && unlessFloat == null) {
      unlessFloat = node;
    }
    boolean cast = node.is("Cast") && isOther((int) node.integer("to", 0));
    otherRows |= cast || node.inputs().stream().anyMatch(otherConstants::contains);
  }

  /** The first such node in a sentence without a full stop; empty when there is none. */
  Optional<String> why() {
    return Optional.ofNullable(always != null ? always : otherRows ? unlessFloat : null)
        .map(node -> GraphWalk.subject(node) + " rounds a value by its place in the tensor");
  }

  private static boolean hasRows(RowValue value) {
    return value instanceof RowValue.Tensor tensor && tensor.hasRows();
  }

  /** Whether it is a float type of other than 32 bits. */
  private static boolean isOther(int type) {
    return type == Constant.FLOAT16 || type == Constant.DOUBLE || type == Constant.BFLOAT16;
  }
}
