package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that make axes longer or shorter: the axis of the rows must stay as it is. */
final class ResizeRules {

  private static final String CHANGES = "changes the number of rows";

  private ResizeRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("Pad", ResizeRules::pad);
    rules.put("Resize", ResizeRules::resize);
    rules.put("Upsample", ResizeRules::resize);
    rules.put("GridSample", ResizeRules::gridSample);
  }

  private static List<RowValue> pad(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    call.fixed("settings", 2);
    Optional<List<Dim>> pads =
        call.has(1)
            ? call.elements(1)
            : call.node().integers("pads").map(list -> list.stream().map(Dim::of).toList());
    if (from.dims() == null || pads.isEmpty()) {
      return unknown(from, "adds padding that is not known");
    }
    List<Dim> dims = Call.dims(from);
    List<Long> named = new ArrayList<>();
    if (call.has(3)) {
      named.addAll(call.integers(3).orElse(List.of()));
    } else {
      for (long axis = 0; axis < dims.size(); axis++) {
        named.add(axis);
      }
    }
    List<Integer> axes = Call.axes(named, dims.size());
    if (pads.get().size() != 2 * axes.size()) {
      throw new RowsMixException("adds padding that is not known");
    }
    List<Dim> to = new ArrayList<>(dims);
    for (int i = 0; i < axes.size(); i++) {
      Dim before = pads.get().get(i);
      Dim after = pads.get().get(i + axes.size());
      int axis = axes.get(i);
      if (before.is(0) && after.is(0)) {
        continue;
      }
      if (axis == from.rowAxis()) {
        throw new RowsMixException(CHANGES);
      }
      Dim size = dims.get(axis);
      to.set(
          axis,
          size.isConstant() && before.isConstant() && after.isConstant()
              ? Dim.of(size.factor() + before.factor() + after.factor())
              : call.symbols().computedSize("pad", size, before, after));
    }
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> unknown(Tensor from, String what) throws RowsMixException {
    if (from.hasRows()) {
      throw new RowsMixException(what);
    }
    return List.of(Tensor.UNKNOWN_SHAPE);
  }

  /** Upsample, and Resize until its version 10, have the scales as their second input. */
  private static List<RowValue> resize(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    boolean early = call.node().is("Upsample") || call.opset() < 11;
    Optional<List<Dim>> scales = early ? call.elements(1) : call.elements(2);
    Optional<List<Dim>> sizes = early ? Optional.empty() : call.elements(3);
    if (call.node().text("coordinate_transformation_mode", "").equals("tf_crop_and_resize")) {
      return unknown(from, "crops its input");
    }
    boolean bySize = sizes.map(list -> !list.isEmpty()).orElse(false);
    Optional<List<Dim>> given = bySize ? sizes : scales;
    if (from.dims() == null || given.isEmpty()) {
      return unknown(from, "makes a size that is not known");
    }
    List<Dim> dims = Call.dims(from);
    Optional<List<Long>> named = call.node().integers("axes");
    List<Integer> axes = new ArrayList<>();
    if (named.isPresent()) {
      axes.addAll(Call.axes(named.get(), dims.size()));
    } else {
      for (int axis = 0; axis < dims.size(); axis++) {
        axes.add(axis);
      }
    }
    if (given.get().size() != axes.size()) {
      throw new RowsMixException("makes a size that is not known");
    }
    boolean keepsRatio = !call.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch");
    List<Dim> to = new ArrayList<>(dims);
    for (int i = 0; i < axes.size(); i++) {
      int axis = axes.get(i);
      Dim wanted = given.get().get(i);
      boolean same = bySize ? wanted.equals(dims.get(axis).number()) : wanted.is(1);
      if (axis == from.rowAxis() && (!same || keepsRatio)) {
        throw new RowsMixException(CHANGES);
      }
      to.set(axis, resized(dims.get(axis), wanted, bySize, same, keepsRatio, call.symbols()));
    }
    return List.of(Call.tensor(to));
  }

  private static Dim resized(
      Dim size, Dim wanted, boolean bySize, boolean same, boolean keepsRatio, Symbols symbols) {
    if (same && !keepsRatio) {
      return size;
    }
    if (keepsRatio) {
      return symbols.freshSize();
    }
    return bySize
        ? wanted
        : wanted.isConstant() ? size.times(wanted) : symbols.computedSize("resize", size, wanted);
  }

  private static List<RowValue> gridSample(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Tensor grid = call.tensor(1);
    if (from.dims() == null || grid.dims() == null) {
      return unknown(from.hasRows() ? from : grid, "takes a value whose shape is not known");
    }
    List<Dim> dims = Call.dims(from);
    List<Dim> places = Call.dims(grid);
    Call.requireRowsAlong(0, from);
    if (!dims.getFirst().equals(places.getFirst())) {
      throw new RowsMixException("takes a grid that is not cut into the same rows");
    }
    List<Dim> to = new ArrayList<>(dims.subList(0, 2));
    to.addAll(places.subList(1, places.size() - 1));
    return List.of(Call.tensor(to));
  }
}
