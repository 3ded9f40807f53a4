package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Sequence;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sequences of tensors whose number is known. */
final class SequenceRules {

  private SequenceRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("SequenceConstruct", call -> List.of(new Sequence(List.copyOf(call.tensors()))));
    rules.put("SequenceEmpty", call -> List.of(new Sequence(List.of())));
    rules.put("SequenceInsert", SequenceRules::insert);
    rules.put("SequenceAt", SequenceRules::at);
    rules.put("SequenceLength", SequenceRules::length);
    rules.put("SplitToSequence", SequenceRules::split);
    rules.put("ConcatFromSequence", SequenceRules::concat);
  }

  private static Sequence sequence(Call call) throws RowsMixException {
    if (call.value(0) instanceof Sequence sequence) {
      return sequence;
    }
    throw new RowsMixException("takes a sequence that is not known");
  }

  /** A place in a sequence; empty when it is not known. */
  private static Optional<Integer> place(Call call, int input, int size) throws RowsMixException {
    return call.integers(input)
        .map(List::getFirst)
        .map(place -> (int) (place < 0 ? place + size : place));
  }

  private static List<RowValue> insert(Call call) throws RowsMixException {
    List<RowValue> items = new ArrayList<>(sequence(call).items());
    Optional<Integer> place =
        call.has(2) ? place(call, 2, items.size()) : Optional.of(items.size());
    if (place.isEmpty() || place.get() < 0 || place.get() > items.size()) {
      throw new RowsMixException("puts a value to a place that is not known");
    }
    items.add(place.get(), call.tensor(1));
    return List.of(new Sequence(items));
  }

  private static List<RowValue> at(Call call) throws RowsMixException {
    List<RowValue> items = sequence(call).items();
    Optional<Integer> place = place(call, 1, items.size());
    if (place.isEmpty() || place.get() < 0 || place.get() >= items.size()) {
      throw new RowsMixException("takes a value from a place that is not known");
    }
    return List.of(items.get(place.get()));
  }

  private static List<RowValue> length(Call call) throws RowsMixException {
    return List.of(Numbers.scalar(Dim.of(sequence(call).items().size())).tensor());
  }

  /** Without sizes, each element of the axis is a part. */
  private static List<RowValue> split(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    List<Dim> dims = Call.dims(from);
    int axis = Call.axis(call.node().integer("axis", 0), dims.size());
    Dim size = dims.get(axis);
    if (axis == from.rowAxis() || !size.isConstant() || size.factor() > Tensor.MAX_ELEMENTS) {
      throw new RowsMixException("cuts its input into a number of parts that is not known");
    }
    List<Long> parts = new ArrayList<>();
    boolean keeps = true;
    if (call.has(1)) {
      parts.addAll(call.integers(1).orElse(List.of()));
      boolean equal = Call.dims(call.tensor(1)).isEmpty() && parts.size() == 1;
      if (equal && parts.getFirst() > 0) {
        long each = parts.removeFirst();
        for (long left = size.factor(); left > 0; left -= each) {
          parts.add(Math.min(each, left));
        }
      }
    } else {
      keeps = call.node().integer("keepdims", 1) != 0;
      for (long i = 0; i < size.factor(); i++) {
        parts.add(1L);
      }
    }
    if (parts.stream().mapToLong(Long::longValue).sum() != size.factor()) {
      throw new RowsMixException("cuts its input into parts that are not known");
    }
    List<RowValue> items = new ArrayList<>();
    for (long part : parts) {
      List<Dim> to = new ArrayList<>(dims);
      if (keeps) {
        to.set(axis, Dim.of(part));
      } else {
        to.remove(axis);
      }
      items.add(Call.tensor(to));
    }
    return List.of(new Sequence(items));
  }

  private static List<RowValue> concat(Call call) throws RowsMixException {
    long axis = call.node().integer("axis", 0);
    boolean stacks = call.node().integer("new_axis", 0) != 0;
    List<Tensor> parts = new ArrayList<>();
    for (RowValue item : sequence(call).items()) {
      if (!(item instanceof Tensor tensor)) {
        throw new RowsMixException("joins values that are not tensors");
      }
      if (stacks) {
        List<Dim> dims = new ArrayList<>(Call.dims(tensor));
        dims.add(Call.axis(axis, dims.size() + 1), Dim.ONE);
        parts.add(Call.tensor(dims));
      } else {
        parts.add(tensor);
      }
    }
    if (parts.isEmpty()) {
      throw new RowsMixException("joins nothing");
    }
    return List.of(ShapeRules.joined(parts, axis, call.symbols()));
  }
}
