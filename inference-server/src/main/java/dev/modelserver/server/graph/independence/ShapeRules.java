package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that order, stretch, repeat, join and cut along axes. */
final class ShapeRules {

  private ShapeRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("Transpose", ShapeRules::transpose);
    rules.put("Expand", ShapeRules::expand);
    rules.put("Tile", ShapeRules::tile);
    rules.put("Concat", ShapeRules::concat);
    rules.put("Split", ShapeRules::split);
    rules.put("Slice", ShapeRules::slice);
    rules.put("ConstantOfShape", ShapeRules::constantOfShape);
    rules.put("Trilu", ShapeRules::trilu);
    rules.put("DepthToSpace", call -> blocks(call, true));
    rules.put("SpaceToDepth", call -> blocks(call, false));
    rules.put("ReverseSequence", ShapeRules::reverseSequence);
  }

  /** The axes of the input in the order of those of the output. */
  static List<Integer> order(Call call, int rank) {
    return call.node()
        .integers("perm")
        .map(list -> list.stream().map(Long::intValue).toList())
        .orElseGet(() -> IntStream.range(0, rank).mapToObj(axis -> rank - 1 - axis).toList());
  }

  private static List<RowValue> transpose(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from);
    List<Integer> order = order(call, dims.size());
    if (!order.stream()
        .sorted()
        .toList()
        .equals(IntStream.range(0, dims.size()).boxed().toList())) {
      throw new RowsMixException("has an order of axes that its input does not have");
    }
    return List.of(Call.tensor(order.stream().map(dims::get).toList()));
  }

  private static List<RowValue> expand(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Optional<List<Dim>> target = call.elements(1);
    if (target.isEmpty() || (from.dims() == null && target.get().stream().noneMatch(Dim::rows))) {
      return unknown(from);
    }
    List<Dim> dims = Call.dims(from);
    List<Dim> wanted = new ArrayList<>();
    for (int i = 0; i < target.get().size(); i++) {
      int axis = i - target.get().size() + dims.size();
      Dim size = target.get().get(i);
      boolean same = axis >= 0 && dims.get(axis).number().equals(size);
      // ONNX Runtime takes -1 for "as it is"
      wanted.add(same || size.is(-1) ? Dim.ONE : size);
    }
    return List.of(Call.tensor(Broadcast.dims(dims, wanted, call.symbols())));
  }

  /** Where the shape of the output is not known: no matter, when it has no rows. */
  private static List<RowValue> unknown(Tensor from) throws RowsMixException {
    if (from.hasRows()) {
      throw new RowsMixException("makes a shape that is not known");
    }
    return List.of(Tensor.UNKNOWN_SHAPE);
  }

  private static List<RowValue> tile(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Optional<List<Dim>> repeats = call.elements(1);
    if (repeats.isEmpty() || (from.dims() == null && repeats.get().stream().noneMatch(Dim::rows))) {
      return unknown(from);
    }
    List<Dim> dims = Call.dims(from);
    if (repeats.get().size() != dims.size()) {
      throw new RowsMixException("has not one repeat for each axis");
    }
    if (from.hasRows() && !repeats.get().get(from.rowAxis()).is(1)) {
      throw new RowsMixException("repeats the rows");
    }
    List<Dim> to = new ArrayList<>();
    for (int axis = 0; axis < dims.size(); axis++) {
      Dim times = repeats.get().get(axis);
      to.add(times.is(1) ? dims.get(axis) : dims.get(axis).times(times));
    }
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> concat(Call call) throws RowsMixException {
    List<Tensor> parts = call.tensors();
    if (parts.stream().noneMatch(Tensor::hasRows)
        && parts.stream().anyMatch(part -> part.dims() == null)) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    return List.of(joined(parts, call.node().integer("axis", 1), call.symbols()));
  }

  /** Tensors behind each other along an axis. */
  static Tensor joined(List<Tensor> parts, long along, Symbols symbols) throws RowsMixException {
    List<Dim> to = new ArrayList<>(Call.dims(parts.getFirst()));
    int axis = Call.axis(along, to.size());
    Dim size = Dim.of(0);
    for (Tensor part : parts) {
      List<Dim> dims = Call.dims(part);
      if (dims.size() != to.size()) {
        throw new RowsMixException("joins tensors of different ranks");
      }
      if (part.rowAxis() == axis && parts.size() > 1) {
        throw new RowsMixException("joins its inputs along the axis of the rows");
      }
      for (int other = 0; other < to.size(); other++) {
        if (other != axis && dims.get(other).rows() != to.get(other).rows()) {
          throw new RowsMixException("joins rows with values that are not rows");
        }
        if (other != axis && dims.get(other).rows() && !dims.get(other).equals(to.get(other))) {
          throw new RowsMixException("joins rows that are cut differently");
        }
      }
      Dim a = size;
      Dim b = dims.get(axis);
      size =
          a.is(0)
              ? b
              : a.isConstant() && b.isConstant()
                  ? Dim.of(a.factor() + b.factor())
                  : symbols.computedSize("sum", a, b);
    }
    to.set(axis, size);
    return Call.tensor(to);
  }

  private static List<RowValue> split(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    int outputs = call.node().outputs().size();
    if (from.dims() == null) {
      return Collections.nCopies(outputs, Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from);
    int axis = Call.axis(call.node().integer("axis", 0), dims.size());
    if (axis == from.rowAxis()) {
      throw new RowsMixException("cuts the axis of the rows into parts");
    }
    Optional<List<Dim>> sizes =
        call.has(1)
            ? call.elements(1)
            : call.node().integers("split").map(list -> list.stream().map(Dim::of).toList());
    List<RowValue> parts = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      List<Dim> to = new ArrayList<>(dims);
      Dim size = dims.get(axis);
      Dim part =
          sizes.isPresent() && sizes.get().size() == outputs
              ? sizes.get().get(i)
              : call.lacks("split", 1)
                  ? size.over(Dim.of(outputs)).orElseGet(call.symbols()::freshSize)
                  : call.symbols().freshSize();
      to.set(axis, part);
      parts.add(Call.tensor(to));
    }
    return parts;
  }

  private static List<RowValue> slice(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from);
    Optional<List<Slices.Slice>> slices = Slices.of(call, dims.size());
    if (slices.isEmpty()) {
      return unknown(from);
    }
    List<Dim> to = new ArrayList<>(dims);
    for (Slices.Slice slice : slices.get()) {
      Dim size = to.get(slice.axis());
      if (slice.whole(size)) {
        continue;
      }
      if (slice.axis() == from.rowAxis()) {
        throw new RowsMixException("takes a part of the rows");
      }
      Optional<Slices.Range> range =
          size.isConstant() ? slice.range(size.factor()) : Optional.empty();
      if (slice.end().rows() || slice.start().rows() || slice.step().rows()) {
        throw new RowsMixException("cuts by the number of rows");
      }
      to.set(
          slice.axis(),
          range
              .map(known -> Dim.of(known.count()))
              .orElseGet(
                  () ->
                      call.symbols()
                          .computedSize("slice", size, slice.start(), slice.end(), slice.step())));
    }
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> constantOfShape(Call call) throws RowsMixException {
    Optional<List<Dim>> sizes = call.elements(0);
    return sizes.isPresent() ? List.of(Call.tensor(sizes.get())) : unknown(call.tensor(0));
  }

  private static List<RowValue> trilu(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    call.fixed("settings", 1);
    if (from.hasRows() && from.rowAxis() >= Call.dims(from).size() - 2) {
      throw new RowsMixException("takes a triangle of the rows");
    }
    return List.of(new Tensor(from.dims(), null));
  }

  private static List<RowValue> blocks(Call call, boolean toSpace) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    Call.requireRowsAlong(0, from);
    List<Dim> dims = Call.dims(from);
    Dim block = Dim.of(call.node().integer("blocksize", 1));
    if (dims.size() != 4) {
      throw new RowsMixException("takes an input that does not have 4 axes");
    }
    Symbols symbols = call.symbols();
    List<Dim> to = new ArrayList<>();
    to.add(dims.getFirst());
    for (int axis = 1; axis < 4; axis++) {
      Dim dim = dims.get(axis);
      boolean grows = toSpace == (axis > 1);
      Dim by = axis == 1 ? block.times(block) : block;
      to.add(
          grows
              ? dim.times(by)
              : dim.over(by).orElseGet(() -> symbols.computedSize("block", dim, by)));
    }
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> reverseSequence(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Tensor lengths = call.tensor(1);
    int batch = (int) call.node().integer("batch_axis", 1);
    Call.requireRowsAlong(batch, from);
    if (from.hasRows() != lengths.hasRows()
        || (from.hasRows() && !Call.dims(from).get(batch).equals(Call.dims(lengths).getFirst()))) {
      throw new RowsMixException("takes lengths that are not those of its rows");
    }
    return List.of(new Tensor(from.dims(), null));
  }
}
