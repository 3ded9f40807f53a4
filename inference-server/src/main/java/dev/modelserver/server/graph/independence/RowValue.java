package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Constant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about a value of the graph, however many rows the inputs have. */
sealed interface RowValue {

  /**
   * A tensor whose rows are kept apart. The axis whose size has the number of rows as a factor is
   * cut into as many equal pieces, and piece i depends on row i of the inputs alone. A tensor
   * without such an axis does not depend on the rows at all.
   *
   * @param dims null: not known, and then it does not depend on the rows
   * @param elements few numbers known as such, row-major; null: not known. They may depend on the
   *     number of rows.
   */
  record Tensor(@Nullable List<Dim> dims, @Nullable List<Dim> elements) implements RowValue {

    /** More numbers than this are not followed. */
    static final int MAX_ELEMENTS = 256;

    static final Tensor UNKNOWN_SHAPE = new Tensor(null, null);

    public Tensor {
      dims = dims == null ? null : List.copyOf(dims);
      elements = elements == null ? null : List.copyOf(elements);
    }

    static Tensor of(List<Dim> dims) {
      return new Tensor(dims, null);
    }

    static Tensor of(Dim... dims) {
      return new Tensor(List.of(dims), null);
    }

    /** A constant of the file. */
    static Tensor of(Constant constant, Symbols symbols) {
      List<Dim> dims = constant.dims().stream().map(Dim::of).toList();
      Dim count = Dim.product(dims);
      if (!count.isConstant() || count.factor() > MAX_ELEMENTS) {
        return of(dims);
      }
      List<Dim> elements = new ArrayList<>();
      constant.integers().ifPresent(list -> list.forEach(value -> elements.add(Dim.of(value))));
      constant.floats().ifPresent(list -> list.forEach(value -> elements.add(of(value, symbols))));
      return new Tensor(dims, elements.size() == count.factor() ? elements : null);
    }

    private static Dim of(double value, Symbols symbols) {
      return value == Math.rint(value) && Math.abs(value) < 1L << 53
          ? Dim.of((long) value)
          : symbols.computed("the number " + value);
    }

    /** The axis that is cut into rows; -1: the tensor does not depend on the rows. */
    int rowAxis() {
      if (dims != null) {
        for (int axis = 0; axis < dims.size(); axis++) {
          if (dims.get(axis).rows()) {
            return axis;
          }
        }
      }
      return -1;
    }

    boolean hasRows() {
      return rowAxis() >= 0;
    }

    /** Whether its numbers depend on how many rows there are. */
    boolean counts() {
      return elements != null && elements.stream().anyMatch(Dim::rows);
    }
  }

  /** A sequence with this number of values. */
  record Sequence(List<RowValue> items) implements RowValue {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A sequence of maps, one of each row. */
  record Maps() implements RowValue {}

  /**
   * A value whose rows may depend on each other.
   *
   * @param why a sentence about the node that makes it so
   */
  record Unproved(String why) implements RowValue {}
}
