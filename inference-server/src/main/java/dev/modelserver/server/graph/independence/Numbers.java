package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A small tensor of numbers that are known as {@link Dim}s: what exporters compute shapes with.
 *
 * @param shape its sizes
 * @param values row-major
 */
record Numbers(List<Integer> shape, List<Dim> values) {

  Numbers {
    shape = List.copyOf(shape);
    values = List.copyOf(values);
  }

  /** The numbers of a tensor; empty when they are not known. */
  static Optional<Numbers> of(RowValue value) {
    return value instanceof Tensor tensor && tensor.dims() != null && tensor.elements() != null
        ? Optional.of(
            new Numbers(
                tensor.dims().stream().map(dim -> (int) dim.factor()).toList(), tensor.elements()))
        : Optional.empty();
  }

  static Numbers scalar(Dim value) {
    return new Numbers(List.of(), List.of(value));
  }

  static Numbers vector(List<Dim> values) {
    return new Numbers(List.of(values.size()), values);
  }

  Tensor tensor() {
    return new Tensor(shape.stream().map(Dim::of).toList(), values);
  }

  int rank() {
    return shape.size();
  }

  static int count(List<Integer> shape) {
    return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /** Where the element of a result is found: a place in the result to a place in this. */
  interface Source {
    int[] at(int[] place);
  }

  /** Numbers of another shape, each taken from a place in these. */
  Numbers moved(List<Integer> to, Source source) {
    List<Dim> moved = new ArrayList<>();
    int count = count(to);
    int[] place = new int[to.size()];
    for (int i = 0; i < count; i++) {
      moved.add(at(source.at(place)));
      for (int axis = to.size() - 1; axis >= 0; axis--) {
        place[axis]++;
        if (place[axis] < to.get(axis)) {
          break;
        }
        place[axis] = 0;
      }
    }
    return new Numbers(to, moved);
  }

  /** The same numbers stretched to a shape; axes are counted from the last. */
  Numbers stretched(List<Integer> to) {
    return moved(
        to,
        place -> {
          int[] own = new int[rank()];
          for (int axis = 0; axis < rank(); axis++) {
            own[axis] = shape.get(axis) == 1 ? 0 : place[axis + to.size() - rank()];
          }
          return own;
        });
  }

  private Dim at(int[] place) {
    int index = 0;
    for (int axis = 0; axis < rank(); axis++) {
      if (place[axis] < 0 || place[axis] >= shape.get(axis)) {
        throw new IndexOutOfBoundsException("axis " + axis);
      }
      index = index * shape.get(axis) + place[axis];
    }
    return values.get(index);
  }
}
