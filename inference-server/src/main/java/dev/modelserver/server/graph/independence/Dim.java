package dev.modelserver.server.graph.independence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A size, or a number computed from sizes: a product of a constant, of sizes that are not known but
 * are the same however many rows there are, and at most once of the number of rows.
 *
 * <p>An axis with the rows is cut into equal pieces, and the pieces belong to the first row, the
 * second and so on to the last; where there are more pieces than rows, then again to the first.
 *
 * @param factor the constant
 * @param symbols numbers given out by {@link Symbols}, ascending; one may occur several times
 * @param rows whether the number of rows is a factor
 * @param rounds of an axis with the rows: how many pieces each row has; null: one
 */
record Dim(long factor, List<Integer> symbols, boolean rows, @Nullable Dim rounds) {

  static final Dim ONE = of(1);

  /** The number of rows. */
  static final Dim ROWS = new Dim(1, List.of(), true, null);

  /** Depends on the number of rows in an unknown way. */
  static final Dim UNKNOWN = new Dim(Long.MIN_VALUE, List.of(), true, null);

  Dim {
    symbols = List.copyOf(symbols);
  }

  static Dim of(long constant) {
    return new Dim(constant, List.of(), false, null);
  }

  static Dim symbol(int symbol) {
    return new Dim(1, List.of(symbol), false, null);
  }

  boolean isConstant() {
    return !rows && symbols.isEmpty();
  }

  boolean is(long constant) {
    return isConstant() && factor == constant;
  }

  boolean isUnknown() {
    return equals(UNKNOWN);
  }

  /** How many elements of the axis belong to one row. */
  Dim perRow() {
    return new Dim(factor, symbols, false, null);
  }

  /** As a number: without what is known of the axis. */
  Dim number() {
    return rounds == null ? this : new Dim(factor, symbols, rows, null);
  }

  /** The size of an axis on which each row has a fixed number of entries. */
  Dim inRounds(Dim count) {
    return new Dim(factor, symbols, rows, count.is(1) ? null : count);
  }

  Dim roundsOrOne() {
    return rounds == null ? ONE : rounds;
  }

  /** The product as a number. */
  Dim times(Dim other) {
    if (is(0) || other.is(0)) {
      return of(0);
    }
    if (isUnknown() || other.isUnknown() || (rows && other.rows)) {
      return UNKNOWN;
    }
    long high = Math.multiplyHigh(factor, other.factor);
    long low = factor * other.factor;
    if ((high != 0 || low < 0) && (high != -1 || low >= 0)) {
      return UNKNOWN;
    }
    List<Integer> product = new ArrayList<>(symbols);
    product.addAll(other.symbols);
    product.sort(null);
    return new Dim(low, product, rows || other.rows, null);
  }

  static Dim product(List<Dim> dims) {
    return dims.stream().reduce(ONE, Dim::times);
  }

  /** The quotient, where it is a whole number for every number of rows and every size. */
  Optional<Dim> over(Dim divisor) {
    if (isUnknown()
        || divisor.isUnknown()
        || divisor.factor == 0
        || factor % divisor.factor != 0
        || (divisor.rows && !rows)) {
      return Optional.empty();
    }
    List<Integer> left = new ArrayList<>(symbols);
    for (Integer symbol : divisor.symbols) {
      if (!left.remove(symbol)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Dim(factor / divisor.factor, left, rows && !divisor.rows, null));
  }

  /** As part of the name of a symbol. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(factor);
    symbols.forEach(symbol -> text.append("*s").append(symbol));
    return rows ? text.append("*rows").toString() : text.toString();
  }
}
