package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Operators that put numbers, which are computed from sizes, into another order or shape. */
final class NumberMoves {

  private NumberMoves() {}

  /**
   * What a node makes of the numbers; empty when it is none of these operators or cannot be told.
   */
  static Optional<Numbers> apply(Call call, List<Numbers> inputs) throws RowsMixException {
    Numbers first = inputs.isEmpty() ? Numbers.vector(List.of()) : inputs.getFirst();
    return switch (call.node().operator()) {
      case "Gather" -> gather(call, first, inputs.get(1));
      case "Concat" -> concat(call, inputs);
      case "Slice" -> slice(call, first);
      case "Squeeze" -> squeeze(call, first);
      case "Unsqueeze" -> unsqueeze(call, first);
      case "Reshape" -> call.integers(1).flatMap(target -> reshape(first, target));
      case "Flatten" -> flatten(call, first);
      case "Transpose" -> Optional.of(transpose(call, first));
      case "Expand" -> call.integers(1).flatMap(target -> expand(first, target));
      case "ReduceProd" ->
          first.rank() == 1
              ? Optional.of(reduced(call, Dim.product(first.values())))
              : Optional.empty();
      case "ConstantOfShape" -> filled(call, first);
      case "Range" -> range(call);
      default -> Optional.empty();
    };
  }

  /** The pieces of a vector. */
  static Optional<List<Numbers>> split(Call call, Numbers from) throws RowsMixException {
    if (from.rank() != 1) {
      return Optional.empty();
    }
    int outputs = call.node().outputs().size();
    int size = from.values().size();
    List<Long> parts =
        call.lacks("split", 1)
            ? Collections.nCopies(outputs, (long) (size / outputs))
            : call.integers("split", 1).orElse(List.of());
    if (parts.size() != outputs || parts.stream().mapToLong(Long::longValue).sum() != size) {
      return Optional.empty();
    }
    List<Numbers> pieces = new ArrayList<>();
    int start = 0;
    for (long part : parts) {
      pieces.add(Numbers.vector(from.values().subList(start, start + (int) part)));
      start += (int) part;
    }
    return Optional.of(pieces);
  }

  private static Optional<Numbers> gather(Call call, Numbers data, Numbers indices)
      throws RowsMixException {
    int axis = Call.axis(call.node().integer("axis", 0), data.rank());
    if (data.rank() == 0 || !indices.values().stream().allMatch(Dim::isConstant)) {
      return Optional.empty();
    }
    List<Integer> shape = new ArrayList<>(data.shape().subList(0, axis));
    shape.addAll(indices.shape());
    shape.addAll(data.shape().subList(axis + 1, data.rank()));
    Numbers flat = indices;
    return Optional.of(
        data.moved(
            shape,
            place -> {
              int index = 0;
              for (int i = 0; i < flat.rank(); i++) {
                index = index * flat.shape().get(i) + place[axis + i];
              }
              int chosen = (int) flat.values().get(index).factor();
              int[] from = new int[data.rank()];
              for (int i = 0; i < axis; i++) {
                from[i] = place[i];
              }
              from[axis] = chosen < 0 ? chosen + data.shape().get(axis) : chosen;
              for (int i = axis + 1; i < data.rank(); i++) {
                from[i] = place[i + flat.rank() - 1];
              }
              return from;
            }));
  }

  private static Optional<Numbers> concat(Call call, List<Numbers> inputs) throws RowsMixException {
    int rank = inputs.getFirst().rank();
    int axis = Call.axis(call.node().integer("axis", 0), rank);
    if (axis != 0 || rank == 0 || inputs.stream().anyMatch(input -> input.rank() != rank)) {
      return Optional.empty();
    }
    List<Integer> shape = new ArrayList<>(inputs.getFirst().shape());
    List<Dim> values = new ArrayList<>();
    int size = 0;
    for (Numbers input : inputs) {
      size += input.shape().getFirst();
      values.addAll(input.values());
    }
    shape.set(0, size);
    return Optional.of(new Numbers(shape, values));
  }

  private static Optional<Numbers> slice(Call call, Numbers from) throws RowsMixException {
    Optional<List<Slices.Slice>> slices = Slices.of(call, from.rank());
    if (slices.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> shape = new ArrayList<>(from.shape());
    int[] starts = new int[from.rank()];
    int[] steps = new int[from.rank()];
    Arrays.fill(steps, 1);
    for (Slices.Slice slice : slices.get()) {
      int axis = slice.axis();
      Optional<Slices.Range> range = slice.range(from.shape().get(axis));
      if (range.isEmpty()) {
        return Optional.empty();
      }
      shape.set(axis, (int) range.get().count());
      starts[axis] = (int) range.get().start();
      steps[axis] = (int) range.get().step();
    }
    return Optional.of(
        from.moved(
            shape,
            place -> {
              int[] source = new int[place.length];
              for (int axis = 0; axis < place.length; axis++) {
                source[axis] = starts[axis] + place[axis] * steps[axis];
              }
              return source;
            }));
  }

  private static Optional<Numbers> squeeze(Call call, Numbers from) throws RowsMixException {
    List<Integer> axes = new ArrayList<>();
    if (call.lacks("axes", 1)) {
      for (int axis = 0; axis < from.rank(); axis++) {
        if (from.shape().get(axis) == 1) {
          axes.add(axis);
        }
      }
    } else {
      axes = Call.axes(call.integers("axes", 1).orElse(List.of()), from.rank());
    }
    List<Integer> shape = new ArrayList<>();
    for (int axis = 0; axis < from.rank(); axis++) {
      if (!axes.contains(axis)) {
        shape.add(from.shape().get(axis));
      }
    }
    return Optional.of(new Numbers(shape, from.values()));
  }

  private static Optional<Numbers> unsqueeze(Call call, Numbers from) throws RowsMixException {
    Optional<List<Long>> added = call.integers("axes", 1);
    if (added.isEmpty()) {
      return Optional.empty();
    }
    int rank = from.rank() + added.get().size();
    List<Integer> axes = Call.axes(added.get(), rank);
    List<Integer> shape = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      shape.add(axes.contains(axis) ? 1 : from.shape().get(next++));
    }
    return Optional.of(new Numbers(shape, from.values()));
  }

  private static Optional<Numbers> reshape(Numbers from, List<Long> target) {
    int count = from.values().size();
    List<Integer> shape = new ArrayList<>();
    int known = 1;
    for (int axis = 0; axis < target.size(); axis++) {
      long dim = target.get(axis);
      int size = dim == 0 && axis < from.rank() ? from.shape().get(axis) : (int) dim;
      shape.add(size);
      known *= size < 0 ? 1 : size;
    }
    int inferred = shape.indexOf(-1);
    if (inferred >= 0 && known > 0) {
      shape.set(inferred, count / known);
    }
    return shape.stream().allMatch(size -> size >= 0) && Numbers.count(shape) == count
        ? Optional.of(new Numbers(shape, from.values()))
        : Optional.empty();
  }

  private static Optional<Numbers> flatten(Call call, Numbers from) {
    long axis = call.node().integer("axis", 1);
    int split = (int) (axis < 0 ? axis + from.rank() : axis);
    return split < 0 || split > from.rank()
        ? Optional.empty()
        : Optional.of(
            new Numbers(
                List.of(
                    Numbers.count(from.shape().subList(0, split)),
                    Numbers.count(from.shape().subList(split, from.rank()))),
                from.values()));
  }

  private static Numbers transpose(Call call, Numbers from) {
    List<Integer> order = ShapeRules.order(call, from.rank());
    List<Integer> shape = order.stream().map(axis -> from.shape().get(axis)).toList();
    return from.moved(
        shape,
        place -> {
          int[] source = new int[place.length];
          for (int axis = 0; axis < place.length; axis++) {
            source[order.get(axis)] = place[axis];
          }
          return source;
        });
  }

  private static Optional<Numbers> expand(Numbers from, List<Long> target) {
    List<Integer> shape = new ArrayList<>();
    int rank = Math.max(from.rank(), target.size());
    for (int axis = 0; axis < rank; axis++) {
      int inFrom = axis - rank + from.rank();
      int inTarget = axis - rank + target.size();
      int own = inFrom < 0 ? 1 : from.shape().get(inFrom);
      long wanted = inTarget < 0 ? 1 : target.get(inTarget);
      shape.add(own == 1 ? (int) Math.min(wanted, Tensor.MAX_ELEMENTS + 1) : own);
    }
    return fits(shape) ? Optional.of(from.stretched(shape)) : Optional.empty();
  }

  private static Numbers reduced(Call call, Dim product) {
    return call.node().integer("keepdims", 1) == 0
        ? Numbers.scalar(product)
        : Numbers.vector(List.of(product));
  }

  private static Optional<Numbers> filled(Call call, Numbers sizes) {
    List<Integer> shape = new ArrayList<>();
    for (Dim size : sizes.values()) {
      if (!size.isConstant() || size.factor() > Tensor.MAX_ELEMENTS) {
        return Optional.empty();
      }
      shape.add((int) size.factor());
    }
    Dim value =
        call.node().attributes().get("value") instanceof Attribute.Tensor(Constant constant)
            ? Optional.ofNullable(Tensor.of(constant, call.symbols()).elements())
                .filter(list -> list.size() == 1)
                .map(List::getFirst)
                .orElseGet(call.symbols()::fresh)
            : Dim.of(0);
    return fits(shape)
        ? Optional.of(new Numbers(shape, Collections.nCopies(Numbers.count(shape), value)))
        : Optional.empty();
  }

  private static Optional<Numbers> range(Call call) throws RowsMixException {
    List<Long> bounds = new ArrayList<>();
    for (int input = 0; input < 3; input++) {
      bounds.addAll(call.integers(input).orElse(List.of()));
    }
    if (bounds.size() != 3 || bounds.get(2) == 0) {
      return Optional.empty();
    }
    long step = bounds.get(2);
    long count = Math.max(0, Math.ceilDiv(bounds.get(1) - bounds.get(0), step));
    List<Dim> values = new ArrayList<>();
    for (long i = 0; i < Math.min(count, Tensor.MAX_ELEMENTS); i++) {
      values.add(Dim.of(bounds.get(0) + i * step));
    }
    return count > Tensor.MAX_ELEMENTS ? Optional.empty() : Optional.of(Numbers.vector(values));
  }

  private static boolean fits(List<Integer> shape) {
    long count = 1;
    for (int size : shape) {
      count *= size;
      if (size < 0 || count > Tensor.MAX_ELEMENTS) {
        return false;
      }
    }
    return true;
  }
}
