package dev.modelserver.server.rows;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.json.JsonReader.Kind;
import dev.modelserver.server.rows.InputLayout.Column;
import dev.modelserver.server.rows.InputLayout.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads values by name, in any order: those of a row, or those of each column. */
final class NamedValues {

  private final JsonReader json;
  private final RowTable table;
  private final InputLayout layout;

  /**
   * The last object that had each value of a row, or where rows have no fixed size the values of
   * each input.
   */
  private final int[] seen;

  private int objects;
  private int given;

  NamedValues(JsonReader json, RowTable table) {
    this.json = json;
    this.table = table;
    this.layout = table.layout();
    this.seen = new int[layout.width() >= 0 ? (int) layout.width() : layout.columns().size()];
  }

  /**
   * Reads a row to the end of its object.
   *
   * @param first the name of the next value; null: the object is empty
   */
  void row(@Nullable String first) throws RequestException {
    begin();
    int row = table.rows();
    table.row(row);
    for (String name = first; name != null; name = json.nextName()) {
      values(row, field(name));
    }
    complete();
  }

  /**
   * Reads an object to its end: a row, or for each name a list with a value of each row.
   *
   * @param first the name of the next value
   * @return whether it was lists
   */
  boolean rowOrColumns(String first) throws RequestException {
    begin();
    int before = table.rows();
    String decidedBy = null;
    boolean columns = false;
    for (String name = first; name != null; name = json.nextName()) {
      Field field = field(name);
      if (!field.column().countsRows()) {
        table.row(before);
        values(before, field);
        continue;
      }
      boolean column = isColumn(field);
      if (decidedBy == null) {
        decidedBy = name;
        columns = column;
      } else if (column != columns) {
        throw json.wrong(
            "%s, as for %s,"
                .formatted(
                    columns ? "a list with the values of each row" : "the value of one row",
                    Excerpt.of(decidedBy)));
      }
      if (columns) {
        column(field, decidedBy);
      } else {
        table.row(before);
        values(before, field);
      }
    }
    complete();
    return columns;
  }

  /** Whether the next value has values of several rows. */
  private boolean isColumn(Field field) throws RequestException {
    return json.peek() == Kind.LIST && (field.length() == 1 || json.peekFirst() == Kind.LIST);
  }

  /**
   * Reads a list with the values of one name, row by row.
   *
   * @param first the name whose list tells how many rows there are
   */
  private void column(Field field, String first) throws RequestException {
    boolean more = field.name().equals(first);
    json.beginList();
    int count = 0;
    while (json.nextElement()) {
      if (more || count < table.rows()) {
        table.row(count);
        values(count, field);
      } else {
        json.skip();
      }
      count++;
    }
    if (count == 0 || count != table.rows()) {
      throw RequestException.malformed(
          "%s has values of %d %s; %s"
              .formatted(
                  json.path(),
                  count,
                  count == 1 ? "row" : "rows",
                  count == 0
                      ? "send at least one"
                      : "%s has %d".formatted(Excerpt.of(first), table.rows())));
    }
  }

  /** Reads the values that one row has under a name. */
  private void values(int row, Field field) throws RequestException {
    if (field.length() == 1) {
      single(row, field);
      return;
    }
    json.beginList();
    Column column = field.column();
    int count =
        field.length() < 0
            ? table.anyValues(row, column)
            : table.values(row, column, field.offset(), (int) field.length());
    long needed = field.length() < 0 ? table.width(column) : field.length();
    if (count == 0 || count != needed || count < column.input().leastWidth()) {
      throw RequestException.malformed(
          "%s has %d %s; %s"
              .formatted(json.path(), count, count == 1 ? "value" : "values", takes(field)));
    }
  }

  private String takes(Field field) {
    long least = field.column().input().leastWidth();
    if (field.length() >= 0) {
      return "the model takes " + field.length();
    }
    int width = table.width(field.column());
    return width < Math.max(1, least)
        ? "send at least " + Math.max(1, least)
        : "the first row has " + width + ", and all need as many";
  }

  /** A value, or a list of it alone. */
  private void single(int row, Field field) throws RequestException {
    boolean list = json.peek() == Kind.LIST;
    if (list) {
      json.beginList();
      if (!json.nextElement()) {
        throw RequestException.malformed(
            "%s has 0 values; a single value is needed".formatted(json.path()));
      }
    }
    table.value(row, field.column(), field.offset());
    if (list && json.nextElement()) {
      json.peek();
      throw json.wrong("no second value");
    }
  }

  private void begin() {
    objects++;
    given = 0;
  }

  /** The field of this name, and that the object has it. */
  private Field field(String name) throws RequestException {
    Field field = layout.field(name);
    if (field == null) {
      throw RequestException.malformed(
          "the %s \"%s\" is not known; the %ss are %s"
              .formatted(kind(), Excerpt.of(name), kind(), layout.names()));
    }
    int from = position(field);
    int to = layout.width() >= 0 ? from + (int) field.length() : from + 1;
    for (int i = from; i < to; i++) {
      if (seen[i] == objects) {
        throw RequestException.malformed(
            "%s is given twice, under another name too; send each value once"
                .formatted(json.path()));
      }
      seen[i] = objects;
    }
    given += to - from;
    return field;
  }

  private int position(Field field) {
    return layout.width() >= 0 ? field.offset() : field.column().index();
  }

  private String kind() {
    return layout.fields().isEmpty() ? "input" : "feature";
  }

  /** Refuses an object that lacks values. */
  private void complete() throws RequestException {
    if (given == seen.length) {
      return;
    }
    List<String> missing =
        layout.namedValues().stream()
            .filter(field -> seen[position(field)] != objects)
            .map(Field::name)
            .limit(InputLayout.MAX_NAMES)
            .toList();
    throw RequestException.malformed(
        "%s lacks %s; the %ss are %s"
            .formatted(json.path(), String.join(", ", missing), kind(), layout.names()));
  }
}
