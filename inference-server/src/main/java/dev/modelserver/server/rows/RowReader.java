package dev.modelserver.server.rows;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.json.JsonReader.Kind;
import dev.modelserver.server.rows.InputLayout.Column;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows: lists of values, objects with values by name, and for a model of one value per row
 * the values themselves.
 */
public final class RowReader {

  /** Rows in one request. */
  public static final int MAX_ROWS = 4096;

  private final JsonReader json;
  private final InputLayout layout;
  private final RowTable table;
  private @Nullable NamedValues names;

  /** A reader of the next values of a text; refused where the model does not accept rows. */
  public RowReader(JsonReader json, InputLayout layout) throws RequestException {
    this.json = json;
    this.layout = layout;
    this.table = new RowTable(layout, json);
  }

  /**
   * Reads a list: one row where it holds values, several where it holds lists or objects. Of a
   * model of one value per row, several values are several rows.
   *
   * @return whether it was a list of rows
   */
  public boolean list() throws RequestException {
    Kind first = json.peekFirst();
    boolean single = first != Kind.LIST && first != Kind.OBJECT;
    if (first == null || (single && layout.width() != 1)) {
      row();
      return false;
    }
    json.beginList();
    json.nextElement();
    rows();
    return !single || table.rows() > 1;
  }

  /**
   * Reads the elements of a list of rows that has been begun, the first of which is the next value.
   */
  public void rows() throws RequestException {
    do {
      switch (json.peek()) {
        case LIST -> row();
        case OBJECT -> {
          json.beginObject();
          object(json.nextName());
        }
        default -> single();
      }
    } while (json.nextElement());
  }

  /**
   * Reads a row by names from its first value on.
   *
   * @param first the name of that value, which has been read; null: the object is empty
   */
  public void object(@Nullable String first) throws RequestException {
    if (first != null
        && first.equals(BinaryValue.NAME)
        && layout.width() == 1
        && layout.field(first) == null) {
      int row = table.rows();
      table.row(row);
      table.binary(row, layout.columns().getFirst());
    } else {
      named().row(first);
    }
  }

  /**
   * Reads an object, the first name of which has been read: a row, or a list of values for each
   * name.
   *
   * @return whether it was lists
   */
  public boolean rowOrColumns(String first) throws RequestException {
    return named().rowOrColumns(first);
  }

  /** The tensors of all rows. */
  public Rows finish(boolean list) throws RequestException {
    return table.finish(list);
  }

  private NamedValues named() {
    NamedValues known = names;
    if (known == null) {
      known = new NamedValues(json, table);
      names = known;
    }
    return known;
  }

  /** A row that is one value. */
  private void single() throws RequestException {
    if (layout.width() != 1) {
      throw RequestException.malformed(
          "%s is %s; a list is needed: the model takes %s"
              .formatted(json.path(), json.shown(), layout.expected()));
    }
    int row = table.rows();
    table.row(row);
    table.value(row, layout.columns().getFirst(), 0);
  }

  /** Reads a list with the values of a row. */
  private void row() throws RequestException {
    if (!layout.byPosition()) {
      throw RequestException.malformed(
          "%s is a list; the model takes %s".formatted(json.path(), layout.expected()));
    }
    json.beginList();
    int row = table.rows();
    table.row(row);
    Column first = layout.columns().getFirst();
    int count;
    int width;
    if (layout.columns().size() == 1) {
      count = table.anyValues(row, first);
      width = table.width(first);
    } else {
      count = spread(row);
      width = (int) layout.width();
    }
    if (count != width || count == 0 || count < layout.leastWidth()) {
      throw table.wrongCount(count);
    }
  }

  /** Reads values for one input after the other. */
  private int spread(int row) throws RequestException {
    int count = 0;
    boolean more = json.nextElement();
    for (Column column : layout.columns()) {
      for (int i = 0; i < column.width() && more; i++) {
        table.value(row, column, column.offset() + i);
        count++;
        more = json.nextElement();
      }
    }
    for (; more; more = json.nextElement()) {
      json.skip();
      count++;
    }
    return count;
  }
}
