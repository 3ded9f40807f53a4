package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What becomes of rows when tensors are stretched to one shape. */
final class Broadcast {

  private Broadcast() {}

  /** The tensor that an operator makes element by element of its inputs. */
  static Tensor of(List<Tensor> tensors, Symbols symbols) throws RowsMixException {
    boolean rows = tensors.stream().anyMatch(Tensor::hasRows);
    if (!rows && tensors.stream().anyMatch(tensor -> tensor.dims() == null)) {
      return Tensor.UNKNOWN_SHAPE;
    }
    List<Dim> all = List.of();
    for (Tensor tensor : tensors) {
      all = dims(all, Call.dims(tensor), symbols);
    }
    return Call.tensor(all);
  }

  /** The common shape; axes are counted from the last. */
  static List<Dim> dims(List<Dim> a, List<Dim> b, Symbols symbols) throws RowsMixException {
    int rank = Math.max(a.size(), b.size());
    List<Dim> common = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      int inA = axis - rank + a.size();
      int inB = axis - rank + b.size();
      common.add(dim(inA < 0 ? Dim.ONE : a.get(inA), inB < 0 ? Dim.ONE : b.get(inB), symbols));
    }
    return common;
  }

  private static Dim dim(Dim a, Dim b, Symbols symbols) throws RowsMixException {
    if (a.equals(b) || b.is(1)) {
      return a;
    }
    if (a.is(1)) {
      return b;
    }
    if (a.rows() || b.rows()) {
      throw new RowsMixException("combines each row with values that are not of the same row");
    }
    if (a.isConstant() || b.isConstant()) {
      // the other one is 1 or the same
      return a.isConstant() ? a : b;
    }
    return symbols.computedSize("broadcast", a, b);
  }
}
