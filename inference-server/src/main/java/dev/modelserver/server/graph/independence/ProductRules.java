package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Products of matrices. */
final class ProductRules {

  private static final String SUMS = "sums over the rows";

  private ProductRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("MatMul", call -> List.of(product(call, call.tensor(0), call.tensor(1))));
    rules.put("Gemm", ProductRules::gemm);
    rules.put("MatMulInteger", ProductRules::integers);
    rules.put("QLinearMatMul", ProductRules::quantized);
    rules.put(Operators.key(Operators.MICROSOFT, "FusedMatMul"), ProductRules::fused);
    rules.put(Operators.key(Operators.MICROSOFT, "TransposeMatMul"), ProductRules::fused);
    rules.put(Operators.key(Operators.MICROSOFT, "FusedGemm"), ProductRules::gemm);
    rules.put(Operators.key(Operators.MICROSOFT, "MatMulNBits"), ProductRules::packed);
    rules.put(Operators.key(Operators.MICROSOFT, "CDist"), ProductRules::distances);
  }

  /** As numpy's matmul. */
  static Tensor product(Call call, Tensor left, Tensor right) throws RowsMixException {
    if (!left.hasRows() && !right.hasRows() && (left.dims() == null || right.dims() == null)) {
      return Tensor.UNKNOWN_SHAPE;
    }
    List<Dim> a = new ArrayList<>(Call.dims(left));
    List<Dim> b = new ArrayList<>(Call.dims(right));
    if (a.isEmpty() || b.isEmpty()) {
      throw new RowsMixException("multiplies a number as a matrix");
    }
    boolean vectorLeft = a.size() == 1;
    boolean vectorRight = b.size() == 1;
    if (vectorLeft) {
      a.addFirst(Dim.ONE);
    }
    if (vectorRight) {
      b.add(Dim.ONE);
    }
    if (a.getLast().rows() || b.get(b.size() - 2).rows()) {
      throw new RowsMixException(SUMS);
    }
    List<Dim> to =
        new ArrayList<>(
            Broadcast.dims(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2), call.symbols()));
    if (!vectorLeft) {
      to.add(a.get(a.size() - 2));
    }
    if (!vectorRight) {
      to.add(b.getLast());
    }
    return Call.tensor(to);
  }

  private static Tensor transposed(Tensor from, boolean swapped) throws RowsMixException {
    if (!swapped || from.dims() == null || Call.dims(from).size() < 2) {
      return from;
    }
    List<Dim> dims = new ArrayList<>(Call.dims(from));
    Collections.swap(dims, dims.size() - 1, dims.size() - 2);
    return Tensor.of(dims);
  }

  private static List<RowValue> gemm(Call call) throws RowsMixException {
    Tensor a = transposed(call.tensor(0), call.node().integer("transA", 0) != 0);
    Tensor b = transposed(call.tensor(1), call.node().integer("transB", 0) != 0);
    Tensor product = product(call, a, b);
    return List.of(
        call.has(2) ? Broadcast.of(List.of(product, call.tensor(2)), call.symbols()) : product);
  }

  private static List<RowValue> fused(Call call) throws RowsMixException {
    for (String batch : List.of("transBatchA", "transBatchB")) {
      if (call.node().integer(batch, 0) != 0) {
        throw new RowsMixException("moves the first axis of its input");
      }
    }
    Tensor a = transposed(call.tensor(0), call.node().integer("transA", 0) != 0);
    Tensor b = transposed(call.tensor(1), call.node().integer("transB", 0) != 0);
    return List.of(product(call, a, b));
  }

  private static List<RowValue> integers(Call call) throws RowsMixException {
    call.fixed("zero points", 2, 3);
    return List.of(product(call, call.tensor(0), call.tensor(1)));
  }

  private static List<RowValue> quantized(Call call) throws RowsMixException {
    call.fixed("scales", 1, 2, 4, 5, 6, 7);
    return List.of(product(call, call.tensor(0), call.tensor(3)));
  }

  /** The weights are packed; N says how many columns they have. */
  private static List<RowValue> packed(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    call.fixed("weights", 1, 2, 3, 4, 5);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> to = new ArrayList<>(Call.dims(from));
    if (to.isEmpty() || to.getLast().rows()) {
      throw new RowsMixException(SUMS);
    }
    to.set(to.size() - 1, Dim.of(call.node().integer("N", 0)));
    return List.of(Call.tensor(to));
  }

  /** The distance of each row of one matrix to each row of the other. */
  private static List<RowValue> distances(Call call) throws RowsMixException {
    List<Dim> a = Call.dims(call.tensor(0));
    List<Dim> b = Call.dims(call.tensor(1));
    if (a.size() != 2 || b.size() != 2 || a.getLast().rows() || b.getLast().rows()) {
      throw new RowsMixException(SUMS);
    }
    return List.of(Call.tensor(List.of(a.getFirst(), b.getFirst())));
  }
}
