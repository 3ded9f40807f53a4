package dev.modelserver.server.graph.independence;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Numbers that are not known, but are the same however many rows there are. */
final class Symbols {

  private final Map<String, Integer> known = new HashMap<>();
  private final Set<Integer> sizes = new HashSet<>();
  private int last;

  /** One that is equal to no other. */
  Dim fresh() {
    last++;
    return Dim.symbol(last);
  }

  /** A size that is equal to no other. */
  Dim freshSize() {
    Dim size = fresh();
    sizes.add(last);
    return size;
  }

  /**
   * What an operation makes of its operands: the same whenever it is asked.
   *
   * @param operation with everything that decides the result but the operands
   */
  Dim computed(String operation, Dim... operands) {
    if (List.of(operands).stream().anyMatch(Dim::rows)) {
      return Dim.UNKNOWN;
    }
    String key = List.of(operands).stream().map(Dim::toString).collect(Collectors.joining(" "));
    Integer symbol = known.computeIfAbsent(operation + ": " + key, name -> ++last);
    return Dim.symbol(symbol);
  }

  /** The same, of a result that is a size of a tensor and so not negative. */
  Dim computedSize(String operation, Dim... operands) {
    Dim size = computed(operation, operands);
    sizes.addAll(size.symbols());
    return size;
  }

  /** Whether a number cannot be negative. */
  boolean nonNegative(Dim dim) {
    return !dim.isUnknown() && dim.factor() >= 0 && sizes.containsAll(dim.symbols());
  }
}
