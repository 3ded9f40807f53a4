package dev.modelserver.server.graph.independence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Arithmetic with numbers that are computed from sizes. */
final class NumberArithmetic {

  private static final Set<String> BINARY =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Mod",
          "Min",
          "Max",
          "Equal",
          "Less",
          "Greater",
          "LessOrEqual",
          "GreaterOrEqual",
          "And",
          "Or");

  /** Element types that hold every size: float, int32, int64, double, uint32, uint64. */
  private static final Set<Long> WIDE = Set.of(1L, 6L, 7L, 11L, 12L, 13L);

  private static final long BOOL = 9;

  private final Symbols symbols;

  NumberArithmetic(Symbols symbols) {
    this.symbols = symbols;
  }

  /** What a node makes of the numbers; empty when it is none of these operators. */
  Optional<Numbers> apply(Call call, List<Numbers> inputs) {
    String operator = call.node().operator();
    if (BINARY.contains(operator) && inputs.size() == 2) {
      return Optional.of(
          zip(inputs, values -> binary(operator, values.getFirst(), values.getLast())));
    }
    return switch (operator) {
      case "Where" -> Optional.of(zip(inputs, this::where));
      case "Identity" -> Optional.of(inputs.getFirst());
      case "Neg" -> Optional.of(zip(inputs, values -> values.getFirst().times(Dim.of(-1))));
      case "Not" ->
          Optional.of(zip(inputs, values -> binary("Equal", values.getFirst(), Dim.of(0))));
      case "Floor", "Ceil", "Round" ->
          Optional.of(zip(inputs, values -> whole(operator, values.getFirst())));
      case "Cast" -> Optional.of(zip(inputs, values -> cast(call, values.getFirst())));
      default -> Optional.empty();
    };
  }

  private interface Operation {
    Dim of(List<Dim> values);
  }

  private static Numbers zip(List<Numbers> inputs, Operation operation) {
    List<Integer> shape = new ArrayList<>();
    int rank = inputs.stream().mapToInt(Numbers::rank).max().orElse(0);
    for (int axis = 0; axis < rank; axis++) {
      int size = 1;
      for (Numbers input : inputs) {
        int own = axis - rank + input.rank();
        size = own < 0 || input.shape().get(own) == 1 ? size : input.shape().get(own);
      }
      shape.add(size);
    }
    List<Numbers> stretched = inputs.stream().map(input -> input.stretched(shape)).toList();
    List<Dim> values = new ArrayList<>();
    for (int i = 0; i < Numbers.count(shape); i++) {
      int index = i;
      values.add(operation.of(stretched.stream().map(each -> each.values().get(index)).toList()));
    }
    return new Numbers(shape, values);
  }

  private Dim where(List<Dim> values) {
    Dim condition = values.getFirst();
    Dim then = values.get(1);
    Dim otherwise = values.get(2);
    if (condition.isConstant()) {
      return condition.is(0) ? otherwise : then;
    }
    return then.equals(otherwise) ? then : symbols.computed("Where", condition, then, otherwise);
  }

  private Dim whole(String operator, Dim value) {
    return value.isConstant() || isWhole(value) ? value : symbols.computed(operator, value);
  }

  private Dim cast(Call call, Dim value) {
    long to = call.node().integer("to", 0);
    if (to == BOOL) {
      return value.isConstant()
          ? Dim.of(value.is(0) ? 0 : 1)
          : symbols.computed("Cast to bool", value);
    }
    return WIDE.contains(to) && (value.isConstant() || isWhole(value))
        ? value
        : symbols.computed("Cast to " + to, value);
  }

  /** A size, or a product of sizes. */
  private boolean isWhole(Dim value) {
    return !value.isUnknown() && symbols.nonNegative(value.perRow());
  }

  private Dim binary(String operator, Dim a, Dim b) {
    return exactly(operator, a, b).orElseGet(() -> symbols.computed(operator, a, b));
  }

  private Optional<Dim> exactly(String operator, Dim a, Dim b) {
    return switch (operator) {
      case "Add" -> sum(a, b);
      case "Sub" -> sum(a, b.times(Dim.of(-1)));
      case "Mul" ->
          Optional.of(a.times(b)).filter(product -> product.rows() || !product.isUnknown());
      case "Div" -> a.over(b);
      case "Mod" ->
          a.isConstant() && b.isConstant() && a.factor() >= 0 && b.factor() > 0
              ? Optional.of(Dim.of(a.factor() % b.factor()))
              : a.over(b).map(quotient -> Dim.of(0));
      case "And" -> a.is(0) || b.is(0) ? Optional.of(Dim.of(0)) : both(a, b, (x, y) -> 1);
      case "Or" -> both(a, b, (x, y) -> x != 0 || y != 0 ? 1 : 0);
      case "Min" -> a.equals(b) ? Optional.of(a) : both(a, b, Math::min);
      case "Max" -> a.equals(b) ? Optional.of(a) : both(a, b, Math::max);
      default -> comparison(operator, a, b);
    };
  }

  private static Optional<Dim> sum(Dim a, Dim b) {
    if (a.is(0)) {
      return Optional.of(b);
    }
    if (b.is(0)) {
      return Optional.of(a);
    }
    if (a.isUnknown()
        || b.isUnknown()
        || a.rows() != b.rows()
        || !a.symbols().equals(b.symbols())) {
      return Optional.empty();
    }
    long sum = a.factor() + b.factor();
    return Optional.of(sum == 0 ? Dim.of(0) : new Dim(sum, a.symbols(), a.rows(), null));
  }

  private Optional<Dim> comparison(String operator, Dim a, Dim b) {
    if (a.equals(b) && !a.isUnknown()) {
      return Optional.of(Dim.of(operator.equals("Less") || operator.equals("Greater") ? 0 : 1));
    }
    if (negative(a) && symbols.nonNegative(b)) {
      return Optional.of(Dim.of(operator.startsWith("Less") ? 1 : 0));
    }
    if (negative(b) && symbols.nonNegative(a)) {
      return Optional.of(Dim.of(operator.startsWith("Greater") ? 1 : 0));
    }
    return both(
        a,
        b,
        (x, y) ->
            switch (operator) {
                  case "Equal" -> x == y;
                  case "Less" -> x < y;
                  case "LessOrEqual" -> x <= y;
                  case "Greater" -> x > y;
                  default -> x >= y;
                }
                ? 1
                : 0);
  }

  private static boolean negative(Dim dim) {
    return dim.isConstant() && dim.factor() < 0;
  }

  private interface Function {
    long of(long x, long y);
  }

  private static Optional<Dim> both(Dim a, Dim b, Function function) {
    return a.isConstant() && b.isConstant()
        ? Optional.of(Dim.of(function.of(a.factor(), b.factor())))
        : Optional.empty();
  }
}
