package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that compute along axes: sums, maxima, the largest few, running sums, softmax. */
final class ReductionRules {

  private static final List<String> REDUCTIONS =
      List.of(
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceProd",
          "ReduceSum",
          "ReduceSumSquare");

  private static final String OVER_ROWS = "computes over all rows";

  private ReductionRules() {}

  static void addTo(Map<String, Rule> rules) {
    REDUCTIONS.forEach(operator -> rules.put(operator, ReductionRules::reduction));
    rules.put("ArgMax", ReductionRules::argument);
    rules.put("ArgMin", ReductionRules::argument);
    for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      rules.put(operator, ReductionRules::softmax);
    }
    rules.put("LpNormalization", call -> along(call, call.node().integer("axis", -1)));
    rules.put("CumSum", ReductionRules::running);
    rules.put("CumProd", ReductionRules::running);
    rules.put("TopK", ReductionRules::topK);
    rules.put("Det", ReductionRules::determinant);
  }

  private static List<RowValue> reduction(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Optional<List<Long>> named = call.integers("axes", 1);
    boolean none = call.lacks("axes", 1) || named.map(List::isEmpty).orElse(false);
    if (none && call.node().integer("noop_with_empty_axes", 0) != 0) {
      return List.of(new Tensor(from.dims(), null));
    }
    if (from.dims() == null || (!none && named.isEmpty())) {
      if (from.hasRows()) {
        throw new RowsMixException("computes over axes that are not known");
      }
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    int rank = Call.dims(from).size();
    List<Integer> axes =
        none ? IntStream.range(0, rank).boxed().toList() : Call.axes(named.orElseThrow(), rank);
    return List.of(without(from, axes, call.node().integer("keepdims", 1) != 0));
  }

  private static Tensor without(Tensor from, List<Integer> axes, boolean keep)
      throws RowsMixException {
    if (axes.contains(from.rowAxis())) {
      throw new RowsMixException(OVER_ROWS);
    }
    List<Dim> dims = Call.dims(from);
    List<Dim> to = new ArrayList<>();
    for (int axis = 0; axis < dims.size(); axis++) {
      if (!axes.contains(axis)) {
        to.add(dims.get(axis));
      } else if (keep) {
        to.add(Dim.ONE);
      }
    }
    return Call.tensor(to);
  }

  private static List<RowValue> argument(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    int axis = Call.axis(call.node().integer("axis", 0), Call.dims(from).size());
    return List.of(without(from, List.of(axis), call.node().integer("keepdims", 1) != 0));
  }

  private static List<RowValue> softmax(Call call) throws RowsMixException {
    if (call.opset() >= 13) {
      return along(call, call.node().integer("axis", -1));
    }
    // all axes from this one on are taken as one
    Tensor from = call.tensor(0);
    if (from.hasRows()
        && from.rowAxis() >= Call.axis(call.node().integer("axis", 1), Call.dims(from).size())) {
      throw new RowsMixException(OVER_ROWS);
    }
    return List.of(new Tensor(from.dims(), null));
  }

  /** Something of the input's shape, computed along an axis. */
  private static List<RowValue> along(Call call, long axis) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.hasRows() && from.rowAxis() == Call.axis(axis, Call.dims(from).size())) {
      throw new RowsMixException(OVER_ROWS);
    }
    return List.of(new Tensor(from.dims(), null));
  }

  private static List<RowValue> running(Call call) throws RowsMixException {
    Optional<List<Long>> axis = call.integers(1);
    if (axis.isPresent() && axis.get().size() == 1) {
      return along(call, axis.get().getFirst());
    }
    Tensor from = call.tensor(0);
    if (from.hasRows()) {
      throw new RowsMixException("computes along an axis that is not known");
    }
    return List.of(new Tensor(from.dims(), null));
  }

  private static List<RowValue> topK(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> to = new ArrayList<>(Call.dims(from));
    int axis = Call.axis(call.node().integer("axis", -1), to.size());
    if (axis == from.rowAxis()) {
      throw new RowsMixException("takes the largest of all rows");
    }
    Optional<List<Dim>> count =
        call.has(1)
            ? Optional.ofNullable(call.fixed(1, "settings").elements())
            : Optional.of(List.of(Dim.of(call.node().integer("k", 1))));
    to.set(
        axis,
        count
            .filter(list -> list.size() == 1)
            .map(List::getFirst)
            .orElseGet(call.symbols()::freshSize));
    Tensor result = Call.tensor(to);
    return List.of(result, result);
  }

  private static List<RowValue> determinant(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    int rank = Call.dims(from).size();
    if (rank < 2) {
      throw new RowsMixException("takes an input without matrices");
    }
    return List.of(without(from, List.of(rank - 2, rank - 1), false));
  }
}
