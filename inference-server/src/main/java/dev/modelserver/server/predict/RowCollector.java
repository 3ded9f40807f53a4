package dev.modelserver.server.predict;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.predict.InputLayout.Column;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes values row by row, checks each against the type of its input, and makes tensors of them.
 */
public final class RowCollector {

  /** Rows in one request. */
  public static final int MAX_ROWS = 4096;

  private final InputLayout layout;
  private final String list;
  private final List<TensorBuilder> builders = new ArrayList<>();
  private long width;
  private int rows;
  private int position;
  private int column;
  private long leftInColumn;

  RowCollector(InputLayout layout) throws RequestException {
    this(layout, "features");
  }

  /**
   * @param list the name of the list of rows, for errors
   */
  public RowCollector(InputLayout layout, String list) throws RequestException {
    String obstacle = layout.obstacle();
    if (obstacle != null) {
      throw RequestException.malformed("this model cannot be asked by rows: " + obstacle);
    }
    this.layout = layout;
    this.list = list;
    this.width = layout.width();
    for (Column each : layout.columns()) {
      builders.add(new TensorBuilder(each.input().datatype()));
    }
  }

  InputLayout layout() {
    return layout;
  }

  /** Rows taken so far. */
  public int rows() {
    return rows;
  }

  /** Call before the values of each row. */
  public void beginRow() throws RequestException {
    if (rows == MAX_ROWS) {
      throw RequestException.malformed(
          list + " has more than " + MAX_ROWS + " rows; send them in several requests");
    }
    position = 0;
    column = 0;
    leftInColumn = layout.columns().getFirst().width();
  }

  /**
   * Adds a value: a Double, Long, BigInteger, Boolean or String. Values beyond the width are only
   * counted, for the error at the end of the row.
   */
  public void add(Object value, Place place) throws RequestException {
    int at = position++;
    if (width >= 0 && at >= width) {
      return;
    }
    while (leftInColumn == 0) {
      leftInColumn = layout.columns().get(++column).width();
    }
    leftInColumn--;
    TensorBuilder builder = builders.get(column);
    if (!put(builder, value)) {
      throw RequestException.malformed(
          place.name(at) + " is " + shown(value) + "; " + needed(builder.type()));
    }
  }

  /**
   * Call after the values of each row.
   *
   * @param place of the row, for errors
   */
  public void endRow(String place) throws RequestException {
    if (width < 0) {
      width = position;
    }
    if (position != width || width == 0 || position < layout.leastWidth()) {
      String takes =
          layout.width() >= 0 || position < layout.leastWidth()
              ? "the model takes " + layout.expected()
              : width == 0 ? "send at least one" : "the first row has " + width;
      throw RequestException.malformed(
          place + " has " + position + (position == 1 ? " value; " : " values; ") + takes);
    }
    rows++;
  }

  /** The tensors of all rows. */
  public Features finish(boolean batch) throws RequestException {
    if (layout.rows() >= 0 && rows != layout.rows()) {
      throw RequestException.malformed(
          list
              + " has "
              + rows
              + (rows == 1 ? " row" : " rows")
              + "; this model takes exactly "
              + layout.rows()
              + " per request");
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < builders.size(); i++) {
      Column each = layout.columns().get(i);
      inputs.put(each.input().name(), builders.get(i).build(shape(each)));
    }
    return new Features(inputs, rows, batch);
  }

  private Shape shape(Column each) {
    Shape declared = each.input().shape();
    List<Long> dims = new ArrayList<>(declared.dims());
    if (each.countsRows()) {
      dims.set(0, (long) rows);
    }
    if (!dims.isEmpty() && dims.getLast() < 0) {
      dims.set(dims.size() - 1, width);
    }
    return new Shape(dims);
  }

  private static boolean put(TensorBuilder builder, Object value) {
    DataType type = builder.type();
    return switch (value) {
      case String text when type == DataType.BYTES -> {
        builder.addString(text);
        yield true;
      }
      case Boolean truth when type == DataType.BOOL -> builder.addLong(truth ? 1 : 0);
      case Long number when type.isFloat() -> builder.addDouble(number.doubleValue());
      case BigInteger number when type.isFloat() -> builder.addDouble(number.doubleValue());
      case Double number when type.isFloat() -> builder.addDouble(number);
      case Long number when type != DataType.BYTES -> builder.addLong(number);
      case BigInteger number when type != DataType.BYTES -> builder.addInteger(number);
      // 65.0 is an integer to every language that has only one kind of number
      case Double number when type != DataType.BYTES ->
          number == Math.rint(number)
              && Math.abs(number) < 0x1p63
              && builder.addLong(number.longValue());
      default -> false;
    };
  }

  private static String needed(DataType type) {
    return switch (type) {
      case BYTES -> "a string is needed";
      case BOOL -> "true or false is needed";
      case FP16, BF16, FP32, FP64 -> "a number within the range of " + type + " is needed";
      case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
          "an integer " + type.range() + " is needed";
    };
  }

  private static String shown(Object value) {
    return value instanceof String text
        ? "\"" + Excerpt.of(text) + "\""
        : Excerpt.of(value.toString());
  }

  /** Names the place of a value in the request. */
  @FunctionalInterface
  public interface Place {
    String name(int position);
  }
}
