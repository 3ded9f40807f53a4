package dev.modelserver.server.inference;

import dev.modelserver.server.graph.ranges.ColumnRange;
import dev.modelserver.server.tensor.DataType;
import java.util.List;
import java.util.Random;

/** The values of one row. */
final class TrialValues {

  /** What one row has in common, so that neighbours differ. */
  enum Kind {
    NORMAL,
    /** A hundred times as large. */
    LARGE,
    EXPECTED,
    UNIT,
    EDGES,
    PIXELS,
    SPARSE,
    MIXED;

    static Kind of(int row) {
      return values()[row % values().length];
    }
  }

  /**
   * What is known of a column.
   *
   * @param least the least of its points
   * @param most the largest
   */
  record Column(ColumnRange range, double least, double most) {

    Column(ColumnRange range) {
      this(
          range,
          range.points().stream().mapToDouble(Double::doubleValue).min().orElse(0),
          range.points().stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }

    boolean hasPoints() {
      return !range.points().isEmpty() && Double.isFinite(least) && Double.isFinite(most);
    }
  }

  private static final List<String> WORDS =
      List.of("", "a", "good", "the quick brown fox", "0", "Füße", "B");

  private final Kind kind;
  private final Random random;

  TrialValues(Kind kind, Random random) {
    this.kind = kind;
    this.random = random;
  }

  String text(Column column) {
    List<String> words = column.range().words();
    return words.isEmpty() ? pick(WORDS) : pick(words);
  }

  /** A number that the type holds. */
  long wholeNumber(Column column, DataType type) {
    if (type == DataType.BOOL) {
      return random.nextInt(2);
    }
    ColumnRange range = column.range();
    if (!range.keys().isEmpty()) {
      return pick(range.keys());
    }
    if (range.hasWholeNumbers()) {
      return within(range);
    }
    if (column.hasPoints()) {
      return Math.round(around(column));
    }
    return switch (kind) {
      case NORMAL, EXPECTED, UNIT -> random.nextInt(2);
      case EDGES, SPARSE -> 0;
      case MIXED -> random.nextInt(10);
      case LARGE -> random.nextInt(101);
      case PIXELS -> random.nextInt((int) Math.min(type.max(), 255) + 1);
    };
  }

  private long within(ColumnRange range) {
    if (kind == Kind.EDGES) {
      return random.nextBoolean() ? range.least() : range.most();
    }
    // The bound itself does not come.
    long bound = range.most() == Long.MAX_VALUE ? range.most() : range.most() + 1;
    return random.nextLong(range.least(), bound);
  }

  double number(Column column) {
    ColumnRange range = column.range();
    if (!range.keys().isEmpty()) {
      return pick(range.keys());
    }
    if (range.hasWholeNumbers()) {
      return within(range);
    }
    return switch (kind) {
      case NORMAL -> column.hasPoints() ? around(column) : random.nextGaussian();
      case EXPECTED -> column.hasPoints() ? around(column) : 2 * random.nextGaussian() - 1;
      case UNIT -> column.hasPoints() ? around(column) : random.nextDouble();
      case EDGES -> column.hasPoints() ? pick(range.points()) : random.nextInt(3) - 1;
      case LARGE -> 100 * random.nextGaussian();
      case PIXELS -> column.hasPoints() ? around(column) : random.nextInt(256);
      case SPARSE -> random.nextInt(8) == 0 ? random.nextDouble() : 0;
      case MIXED -> random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3);
    };
  }

  /** Between the points, and a little beyond the first and the last of them. */
  private double around(Column column) {
    double reach = Math.max(column.most() - column.least(), 1e-3);
    return random.nextBoolean()
        ? column.least() + (random.nextDouble() * 1.2 - 0.1) * reach
        : pick(column.range().points()) + random.nextGaussian() * reach / 50;
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
