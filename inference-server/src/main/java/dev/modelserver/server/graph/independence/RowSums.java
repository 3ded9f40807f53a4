package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Node;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the order in which numbers are added up depends on the place of their row in the tensor.
 * ONNX Runtime adds what lies before the first multiple of 16 bytes by itself, then whole vector
 * registers: of rows of 5 floats each second one gets other last bits, of rows of 8 none. Measured
 * with ONNX Runtime 1.28 on rows alone against the same rows among 500, of 3 to 128 numbers.
 */
final class RowSums {

  /** Those of other operators, as the sums of squares, are added up one by one. */
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
