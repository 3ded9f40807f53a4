package dev.modelserver.server.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Dimensions of a tensor, outermost first; in a signature {@link #ANY} stands for a size that
 * varies.
 */
public record Shape(List<Long> dims) {

  public static final long ANY = -1;

  public Shape {
    dims = List.copyOf(dims);
  }

  public static Shape of(long... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  public int rank() {
    return dims.size();
  }

  public long dim(int axis) {
    return dims.get(axis);
  }

  /**
   * The number of elements from {@code axis} on, or {@link #ANY} when one of those sizes varies.
   */
  public long elementsFrom(int axis) {
    long product = 1;
    for (int i = axis; i < dims.size(); i++) {
      long dim = dims.get(i);
      if (dim < 0) {
        return ANY;
      }
      product = Math.multiplyExact(product, dim);
    }
    return product;
  }

  public long elements() {
    return elementsFrom(0);
  }

  public long[] toArray() {
    return dims.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String toString() {
    return dims.stream()
        .map(dim -> dim < 0 ? "?" : dim.toString())
        .collect(Collectors.joining(",", "[", "]"));
  }
}
