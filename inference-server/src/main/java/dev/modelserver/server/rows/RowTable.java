package dev.modelserver.server.rows;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.rows.InputLayout.Column;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a request as they are read: elements for each input, and their numbers. */
final class RowTable {

  /** Values for which memory is allocated before the body is known to hold them. */
  private static final int TRUSTED_VALUES = 1 << 16;

  private final InputLayout layout;
  private final JsonReader json;
  private final List<Column> columns;
  private final ElementBuffer[] buffers;

  /** Values of a row of each column; -1: none has been read yet. */
  private final int[] widths;

  private int rows;

  RowTable(InputLayout layout, JsonReader json) throws RequestException {
    layout.requireRows();
    this.layout = layout;
    this.json = json;
    this.columns = layout.columns();
    this.buffers = new ElementBuffer[columns.size()];
    this.widths = new int[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      buffers[column.index()] = new ElementBuffer(json, column.input().datatype());
      widths[column.index()] = (int) column.width();
    }
  }

  InputLayout layout() {
    return layout;
  }

  /** Rows begun so far. */
  int rows() {
    return rows;
  }

  /**
   * Begins a row after those there are, or makes sure that there is one.
   *
   * @param row its position
   */
  void row(int row) throws RequestException {
    if (row < rows) {
      return;
    }
    if (row == RowReader.MAX_ROWS) {
      throw RequestException.malformed(
          "%s has more than %d rows; send them in several requests"
              .formatted(listPath(), RowReader.MAX_ROWS));
    }
    rows = row + 1;
    // A value takes two bytes or more.
    if (rows * Math.max(1, layout.width()) > TRUSTED_VALUES + json.length() / 2) {
      throw RequestException.malformed(
          "the body has too few values for its rows; the model takes %s for each"
              .formatted(layout.expected()));
    }
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      int own = widths[column.index()];
      if (own >= 0 && row == 0) {
        buffers[column.index()].begin(column.oneRow());
      } else if (own >= 0) {
        buffers[column.index()].reserve(Math.multiplyExact(rows, own));
      }
    }
  }

  /** What the list of rows is called. */
  private String listPath() {
    String path = json.path();
    int bracket = path.lastIndexOf('[');
    return bracket > 0 ? path.substring(0, bracket) : "the body";
  }

  /** Reads one value of a row. */
  void value(int row, Column column, int offset) throws RequestException {
    buffers[column.index()].read(row * widths[column.index()] + offset - column.offset());
  }

  /**
   * Reads values of a row from {@code offset} on: the rest of the list that has been begun.
   *
   * @param limit values that are read; those beyond are only counted
   * @return how many there are
   */
  int values(int row, Column column, int offset, int limit) throws RequestException {
    return buffers[column.index()].readList(
        row * widths[column.index()] + offset - column.offset(), limit);
  }

  /** Puts the text of an object with bytes, from the value of its name on. */
  void binary(int row, Column column) throws RequestException {
    if (column.input().datatype() != DataType.BYTES) {
      throw RequestException.malformed(
          "%s has bytes in Base64; the model takes %s"
              .formatted(json.path(), column.input().datatype().needed()));
    }
    buffers[column.index()].put(row, BinaryValue.restOfText(json));
  }

  /** Reads all values of a row for an input that takes any number of them: the rest of the list. */
  int anyValues(int row, Column column) throws RequestException {
    ElementBuffer buffer = buffers[column.index()];
    int known = widths[column.index()];
    if (known >= 0) {
      return buffer.readList(row * known, known);
    }
    int count = 0;
    while (json.nextElement()) {
      buffer.reserve(count + 1);
      buffer.read(count);
      count++;
    }
    widths[column.index()] = count;
    return count;
  }

  /** Values of a row of a column; -1: none has been read yet. */
  int width(Column column) {
    return widths[column.index()];
  }

  /** Refuses the number of values of a row that has just been read. */
  RequestException wrongCount(int count) {
    String takes =
        layout.width() >= 0 || count < layout.leastWidth()
            ? "the model takes " + layout.expected()
            : count == 0 ? "send at least one" : "the first row has " + widths[0];
    return RequestException.malformed(
        "%s has %d %s; %s".formatted(json.path(), count, count == 1 ? "value" : "values", takes));
  }

  /** The tensors of all rows. */
  Rows finish(boolean list) throws RequestException {
    if (layout.rows() >= 0 && rows != layout.rows()) {
      throw RequestException.malformed(
          "the request has %d %s; this model takes exactly %d per request%s"
              .formatted(rows, rows == 1 ? "row" : "rows", layout.rows(), layout.otherShapes()));
    }
    if (columns.size() == 1) {
      Column only = columns.getFirst();
      return new Rows(Map.of(only.input().name(), build(only)), rows, list);
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    columns.forEach(column -> inputs.put(column.input().name(), build(column)));
    return new Rows(inputs, rows, list);
  }

  private Tensor build(Column column) {
    boolean one = rows == 1 && column.width() >= 0;
    return buffers[column.index()].build(
        one ? column.oneRow() : column.shape(rows, widths[column.index()]));
  }
}
