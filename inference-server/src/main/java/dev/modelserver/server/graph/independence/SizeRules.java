package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operators that give sizes, and all operators on small tensors of numbers that were computed from
 * sizes: exporters compute the shapes of Reshape and Expand this way.
 */
final class SizeRules {

  private SizeRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("Shape", SizeRules::shape);
    rules.put("Size", SizeRules::size);
    rules.put("Range", SizeRules::range);
  }

  /** What a node makes of numbers that are all known; empty when they are not, or not simple. */
  static Optional<List<RowValue>> known(Call call) throws RowsMixException {
    if (!call.node().domain().isEmpty()) {
      return Optional.empty();
    }
    List<Numbers> inputs = new ArrayList<>();
    for (int input = 0; input < call.count(); input++) {
      if (call.has(input)) {
        Optional<Numbers> numbers = Numbers.of(call.value(input));
        if (numbers.isEmpty()) {
          return Optional.empty();
        }
        inputs.add(numbers.get());
      }
    }
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (call.node().is("Split")) {
        return NumberMoves.split(call, inputs.getFirst())
            .map(parts -> parts.stream().<RowValue>map(Numbers::tensor).toList());
      }
      Optional<Numbers> result = new NumberArithmetic(call.symbols()).apply(call, inputs);
      return (result.isPresent() ? result : NumberMoves.apply(call, inputs))
          .filter(numbers -> numbers.values().size() <= Tensor.MAX_ELEMENTS)
          .map(numbers -> List.of(numbers.tensor()));
    } catch (ArithmeticException | IndexOutOfBoundsException e) {
      // sizes that do not fit each other: the general rule has something to say
      return Optional.empty();
    }
  }

  private static List<RowValue> shape(Call call) throws RowsMixException {
    Tensor from = call.sizes(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from).stream().map(Dim::number).toList();
    int rank = dims.size();
    int start = counted(call.node().integer("start", 0), rank);
    int end = Math.max(start, counted(call.node().integer("end", rank), rank));
    return List.of(Numbers.vector(dims.subList(start, end)).tensor());
  }

  private static int counted(long axis, int rank) {
    return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
  }

  private static List<RowValue> size(Call call) throws RowsMixException {
    Tensor from = call.sizes(0);
    return List.of(
        from.dims() == null ? Tensor.of() : Numbers.scalar(Dim.product(Call.dims(from))).tensor());
  }

  private static List<RowValue> range(Call call) throws RowsMixException {
    for (int input = 0; input < 3; input++) {
      if (call.sizes(input).counts()) {
        throw new RowsMixException("numbers the rows");
      }
      var _ = call.fixed(input, "bounds");
    }
    boolean simple =
        call.integers(0).filter(List.of(0L)::equals).isPresent()
            && call.integers(2).filter(List.of(1L)::equals).isPresent();
    Optional<List<Dim>> end = call.elements(1);
    return List.of(
        Tensor.of(simple && end.isPresent() ? end.get().getFirst() : call.symbols().freshSize()));
  }
}
