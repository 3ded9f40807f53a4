package dev.modelserver.server.predict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.openapi.ExampleValues;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.InputLayout.Column;
import dev.modelserver.server.rows.InputLayout.Field;
import dev.modelserver.server.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows that fit a model, to show how it is asked. */
public final class ExampleRows {

  /** Longer lists of names help nobody. */
  private static final int MAX_NAMED = 100;

  /** Rows of a batch, where the model leaves the number open. */
  private static final int ROWS = 2;

  private final InputLayout layout;
  private final ExampleValues values;
  private final int width;

  /** Rows for a model; it is to be asked by rows. */
  public ExampleRows(InputLayout layout, ExampleValues values) {
    this.layout = layout;
    this.values = values;
    // a model of rows of any width says nothing about what it needs
    long least = layout.width() < 0 ? Math.max(1, layout.leastWidth()) : layout.width();
    this.width = (int) Math.min(least, ExampleValues.MAX_VALUES + 1L);
  }

  /** Whether one row makes an example: the model takes it, and a page has room for it. */
  public boolean single() {
    return layout.byPosition() && layout.rows() <= 1 && width <= ExampleValues.MAX_VALUES;
  }

  /** Whether a batch makes an example. */
  public boolean several() {
    return layout.byPosition()
        && layout.rows() != 1
        && (long) rowsOfBatch() * width <= ExampleValues.MAX_VALUES;
  }

  /** Whether the values have names, and not too many to read. */
  public boolean named() {
    return layout.rows() <= 1
        && width <= ExampleValues.MAX_VALUES
        && !layout.fields().isEmpty()
        && layout.fields().size() <= MAX_NAMED;
  }

  /** The values of one row. */
  public ArrayNode row() {
    return row(0);
  }

  /** Two rows, or as many as the model insists on. */
  public ArrayNode batch() {
    ArrayNode batch = JsonNodeFactory.instance.arrayNode();
    for (int row = 0; row < rowsOfBatch(); row++) {
      batch.add(row(row));
    }
    return batch;
  }

  /** One row by the names of its values. */
  public ObjectNode byName() {
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    for (Field field : layout.fields()) {
      DataType type = field.column().input().datatype();
      if (field.length() == 1) {
        named.set(field.name(), values.at(type, field.offset()));
      } else {
        ArrayNode list = named.putArray(field.name());
        for (int i = 0; i < (field.length() < 0 ? width : field.length()); i++) {
          list.add(values.at(type, field.offset() + i));
        }
      }
    }
    return named;
  }

  /** The row as a query has it. */
  String query() {
    List<String> texts = new ArrayList<>();
    row().forEach(value -> texts.add(value.asText()));
    return texts.stream().collect(Collectors.joining(","));
  }

  private int rowsOfBatch() {
    return (int) Math.min(layout.rows() < 0 ? ROWS : layout.rows(), ExampleValues.MAX_VALUES + 1L);
  }

  private ArrayNode row(int shift) {
    ArrayNode row = JsonNodeFactory.instance.arrayNode();
    for (Column column : layout.columns()) {
      long end = column.width() < 0 ? width : row.size() + column.width();
      while (row.size() < end) {
        JsonNode value = values.at(column.input().datatype(), row.size() + shift);
        row.add(value);
      }
    }
    return row;
  }
}
