package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Node;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the order in which numbers are added up depends on the place of their row in the tensor.
 * ONNX Runtime adds the numbers before the first address that is a multiple of 16 one by one, and
 * the others a vector register at a time. Two rows of 5 floats, which begin at different offsets,
 * are therefore added in different orders and can differ in the last bits; rows of 8 floats cannot.
 * Measured with ONNX Runtime 1.28: rows of 3 to 128 numbers, alone and among 500 others.
 */
final class RowSums {

  /** Other operators, such as ReduceSumSquare, add in an order that no offset changes. */
  private static final Set<String> OPERATORS =
      Set.of(
          "Einsum",
          "GroupNormalization",
          "InstanceNormalization",
          "MeanVarianceNormalization",
          "ReduceMean",
          "ReduceSum");

  /** Floats in 16 bytes. */
  private static final int ALIGNED = 4;

  /** Two numbers have one sum. */
  private static final int FEW = 2;

  private RowSums() {}

  /** Of a node with its inputs and outputs. */
  static boolean dependOnPlace(Node node, List<@Nullable RowValue> inputs, List<RowValue> outputs) {
    return OPERATORS.contains(node.operator())
        && !addsFew(node, inputs.getFirst(), outputs.getFirst())
        && !inputs.stream().allMatch(RowSums::aligned);
  }

  private static boolean addsFew(Node node, @Nullable RowValue from, RowValue to) {
    return node.operator().startsWith("Reduce")
        && from instanceof RowValue.Tensor all
        && to instanceof RowValue.Tensor sums
        && all.dims() != null
        && sums.dims() != null
        && Dim.product(all.dims())
            .over(Dim.product(sums.dims()))
            .filter(count -> count.isConstant() && count.factor() <= FEW)
            .isPresent();
  }

  /** Whether every row begins at a multiple of 16 bytes, or there are none. */
  private static boolean aligned(@Nullable RowValue value) {
    if (!(value instanceof RowValue.Tensor tensor) || !tensor.hasRows() || tensor.dims() == null) {
      return true;
    }
    Dim inner = Dim.product(tensor.dims().subList(tensor.rowAxis() + 1, tensor.dims().size()));
    return inner.factor() > 0 && inner.factor() % ALIGNED == 0;
  }
}
