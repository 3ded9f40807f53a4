package dev.modelserver.server.model;

import java.util.Map;
import java.util.OptionalInt;

/**
 * Along which axis each output holds one entry for each row of the inputs: the axis whose size
 * followed the number of rows when that number was changed. An output without such an axis says
 * something about the whole request.
 *
 * @param axes by the name of the output, from 0
 */
public record RowAxes(Map<String, Integer> axes) {

  /** Of a model of which nothing is known. */
  public static final RowAxes NONE = new RowAxes(Map.of());

  public RowAxes {
    axes = Map.copyOf(axes);
  }

  /** The axis of an output that counts rows; empty when none does. */
  public OptionalInt axis(String output) {
    Integer axis = axes.get(output);
    return axis == null ? OptionalInt.empty() : OptionalInt.of(axis);
  }
}
