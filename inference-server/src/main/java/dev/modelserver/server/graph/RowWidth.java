package dev.modelserver.server.graph;

import java.util.Optional;

/**
 * How many entries the last axis of an input must have, according to the constants in the graph
 * that the input meets: coefficients, weights, feature numbers. Exporters leave this axis open
 * although the model was trained on rows of one width; some kernels of ONNX Runtime then compute a
 * wrong answer from a row of another width instead of refusing it.
 *
 * @param exact whether more entries are wrong too
 */
public record RowWidth(long entries, boolean exact) {

  /**
   * What a graph requires of one of its inputs; empty when it requires nothing that can be read.
   *
   * @param rank number of axes of the input; 0 when it is not known
   */
  public static Optional<RowWidth> of(ModelGraph model, String input, int rank) {
    return Optional.ofNullable(new WidthReader(model).read(input, rank));
  }

  static RowWidth exactly(long entries) {
    return new RowWidth(entries, true);
  }

  static RowWidth atLeast(long entries) {
    return new RowWidth(entries, false);
  }

  /** What satisfies both; where two widths exclude each other, the larger as the least. */
  RowWidth and(RowWidth other) {
    if (exact == other.exact) {
      return entries == other.entries ? this : atLeast(Math.max(entries, other.entries));
    }
    RowWidth one = exact ? this : other;
    long least = exact ? other.entries : entries;
    return least <= one.entries ? one : atLeast(least);
  }
}
