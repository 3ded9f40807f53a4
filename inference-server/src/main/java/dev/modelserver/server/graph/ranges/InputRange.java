package dev.modelserver.server.graph.ranges;

import java.util.Map;

/**
 * Which values an input takes, as far as the graph tells.
 *
 * @param all what holds for every column
 * @param columns what holds for one, by its index along the last axis
 */
public record InputRange(ColumnRange all, Map<Integer, ColumnRange> columns) {

  /** Nothing is known. */
  public static final InputRange ANY = new InputRange(ColumnRange.ANY, Map.of());

  public InputRange {
    columns = Map.copyOf(columns);
  }

  /** What holds for a column, counted along the last axis. */
  public ColumnRange column(int column) {
    ColumnRange own = columns.get(column);
    return own == null ? all : own.and(all);
  }
}
