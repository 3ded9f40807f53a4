package dev.modelserver.server.graph.independence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What a Slice node takes, read from its attributes or its inputs. */
final class Slices {

  /** No run has more rows. */
  private static final long MAX_ROWS = 1 << 20;

  /** No axis is so long. */
  private static final long NO_SIZE = 1_000_000_000;

  private Slices() {}

  /** Of one axis. */
  record Slice(int axis, Dim start, Dim end, Dim step) {

    /** Whether it takes the whole axis as it is. */
    boolean whole(Dim size) {
      return start.is(0)
          && step.is(1)
          && (end.equals(size.number()) || (end.isConstant() && beyond(size)));
    }

    /** Exporters write some large number for "to the end". */
    private boolean beyond(Dim size) {
      if (size.isConstant()) {
        return end.factor() >= size.factor();
      }
      if (size.rows()) {
        return size.symbols().isEmpty()
            && !size.isUnknown()
            && end.factor() / Math.max(1, size.factor()) >= MAX_ROWS;
      }
      return end.factor() >= NO_SIZE;
    }

    /** What it takes of an axis of this size; empty when that is not known. */
    Optional<Range> range(long size) {
      if (!start.isConstant() || !end.isConstant() || !step.isConstant() || step.is(0)) {
        return Optional.empty();
      }
      long by = step.factor();
      long low = by > 0 ? 0 : -1;
      long high = by > 0 ? size : size - 1;
      long from = Math.clamp(counted(start, size), 0, Math.max(0, high));
      long to = Math.clamp(counted(end, size), low, Math.max(low, high));
      long count = size == 0 ? 0 : Math.max(0, Math.ceilDiv(to - from, by));
      return Optional.of(new Range(from, count, by));
    }

    private static long counted(Dim index, long size) {
      long value = index.factor();
      // the smallest numbers mean "before the beginning", also after the size was added
      return value < 0 ? Math.max(value, Long.MIN_VALUE / 2) + size : value;
    }
  }

  /**
   * Elements of an axis.
   *
   * @param count how many
   */
  record Range(long start, long count, long step) {}

  /** Of every axis that is named; empty when that is not known. */
  static Optional<List<Slice>> of(Call call, int rank) throws RowsMixException {
    Optional<List<Dim>> starts = numbers(call, "starts", 1);
    Optional<List<Dim>> ends = numbers(call, "ends", 2);
    if (starts.isEmpty() || ends.isEmpty() || starts.get().size() != ends.get().size()) {
      return Optional.empty();
    }
    int count = starts.get().size();
    List<Long> named = new ArrayList<>();
    if (call.lacks("axes", 3)) {
      for (long axis = 0; axis < count; axis++) {
        named.add(axis);
      }
    } else {
      named.addAll(call.integers("axes", 3).orElse(List.of()));
    }
    List<Dim> steps =
        call.has(4) ? call.elements(4).orElse(List.of()) : Collections.nCopies(count, Dim.ONE);
    if (named.size() != count || steps.size() != count) {
      return Optional.empty();
    }
    List<Integer> axes = Call.axes(named, rank);
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      slices.add(new Slice(axes.get(i), starts.get().get(i), ends.get().get(i), steps.get(i)));
    }
    return Optional.of(slices);
  }

  private static Optional<List<Dim>> numbers(Call call, String attribute, int input)
      throws RowsMixException {
    return call.has(input)
        ? call.elements(input)
        : call.node().integers(attribute).map(list -> list.stream().map(Dim::of).toList());
  }
}
