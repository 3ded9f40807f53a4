package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that read the same elements, in the same order, as another shape. */
final class ReshapeRules {

  private static final String FIXED = "makes a shape with a fixed number of rows";

  private static final String PIECES = "cuts its input into pieces that need not be whole rows";

  private ReshapeRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("Reshape", ReshapeRules::reshape);
    rules.put("Flatten", ReshapeRules::flatten);
    rules.put("Squeeze", ReshapeRules::squeeze);
    rules.put("Unsqueeze", ReshapeRules::unsqueeze);
  }

  private static List<RowValue> reshape(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    List<Dim> target =
        call.has(1)
            ? call.elements(1).orElse(List.of())
            : call.node().integers("shape").orElse(List.of()).stream().map(Dim::of).toList();
    if (target.isEmpty() && !scalar(call)) {
      if (from.hasRows()) {
        throw new RowsMixException("makes a shape that is not known");
      }
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    if (from.dims() == null) {
      return List.of(unknown(target));
    }
    boolean copiesZero = call.node().integer("allowzero", 0) == 0;
    return List.of(reshaped(from, target, copiesZero, call.symbols()));
  }

  private static boolean scalar(Call call) throws RowsMixException {
    return call.has(1) && call.elements(1).isPresent();
  }

  /** What does not depend on the rows, in a shape as far as it is known. */
  private static Tensor unknown(List<Dim> target) throws RowsMixException {
    if (target.stream().anyMatch(Dim::rows)) {
      throw new RowsMixException("gives values a shape with the number of rows");
    }
    return target.stream().allMatch(dim -> dim.isConstant() && dim.factor() > 0)
        ? Tensor.of(target)
        : Tensor.UNKNOWN_SHAPE;
  }

  private static Tensor reshaped(Tensor from, List<Dim> target, boolean copiesZero, Symbols symbols)
      throws RowsMixException {
    List<Dim> dims = Call.dims(from);
    List<Dim> to = new ArrayList<>();
    int inferred = -1;
    for (int axis = 0; axis < target.size(); axis++) {
      Dim dim = target.get(axis);
      if (dim.is(0) && copiesZero) {
        if (axis >= dims.size()) {
          throw new RowsMixException("copies a size that its input does not have");
        }
        dim = dims.get(axis);
      } else if (dim.is(-1)) {
        inferred = axis;
      }
      to.add(dim);
    }
    Dim total = Dim.product(dims);
    if (inferred >= 0) {
      List<Dim> others = new ArrayList<>(to);
      others.remove(inferred);
      Dim rest = Dim.product(others);
      Optional<Dim> left = total.over(rest);
      if (left.isEmpty() && total.rows() && !rest.rows()) {
        throw new RowsMixException(PIECES);
      }
      to.set(inferred, left.orElseGet(() -> symbols.computedSize("rest", total.perRow(), rest)));
    }
    return kept(from, to);
  }

  /** The rows are the same pieces of the memory before and after. */
  static Tensor kept(Tensor from, List<Dim> to) throws RowsMixException {
    Tensor result = Call.tensor(to);
    if (from.hasRows() != result.hasRows()) {
      throw new RowsMixException(FIXED);
    }
    if (!from.hasRows()) {
      return result;
    }
    List<Dim> dims = Call.dims(from);
    Dim before = Dim.product(dims.subList(0, from.rowAxis()));
    Dim axis = to.get(result.rowAxis());
    Optional<Dim> rounds =
        before
            .times(dims.get(from.rowAxis()).roundsOrOne())
            .over(Dim.product(to.subList(0, result.rowAxis())));
    if (rounds.flatMap(count -> axis.perRow().over(count)).isEmpty()) {
      throw new RowsMixException(PIECES);
    }
    List<Dim> kept = new ArrayList<>(to);
    kept.set(result.rowAxis(), axis.inRounds(rounds.get()));
    return Call.tensor(kept);
  }

  private static List<RowValue> flatten(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from);
    long axis = call.node().integer("axis", 1);
    int split = (int) (axis < 0 ? axis + dims.size() : axis);
    if (split < 0 || split > dims.size()) {
      throw new RowsMixException("has no axis " + axis);
    }
    return List.of(
        kept(
            from,
            List.of(
                Dim.product(dims.subList(0, split)),
                Dim.product(dims.subList(split, dims.size())))));
  }

  private static List<RowValue> squeeze(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from);
    boolean all = call.lacks("axes", 1);
    if (all && dims.stream().anyMatch(dim -> !dim.isConstant())) {
      if (!from.hasRows()) {
        return List.of(Tensor.UNKNOWN_SHAPE);
      }
      throw new RowsMixException("removes the axis of the rows when there is one row");
    }
    List<Integer> axes = new ArrayList<>();
    if (!all) {
      Optional<List<Long>> named = call.integers("axes", 1);
      if (named.isEmpty()) {
        throw new RowsMixException("removes axes that are not known");
      }
      axes = Call.axes(named.get(), dims.size());
    }
    List<Dim> to = new ArrayList<>();
    for (int axis = 0; axis < dims.size(); axis++) {
      boolean removed = all ? dims.get(axis).is(1) : axes.contains(axis);
      if (!removed) {
        to.add(dims.get(axis));
      } else if (axis == from.rowAxis()) {
        throw new RowsMixException("removes the axis of the rows");
      }
    }
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> unsqueeze(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Optional<List<Long>> added = call.integers("axes", 1);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    if (added.isEmpty()) {
      throw new RowsMixException("adds axes that are not known");
    }
    List<Dim> dims = Call.dims(from);
    int rank = dims.size() + added.get().size();
    List<Integer> axes = Call.axes(added.get(), rank);
    List<Dim> to = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      to.add(axes.contains(axis) ? Dim.ONE : dims.get(next++));
    }
    return List.of(Call.tensor(to));
  }
}
