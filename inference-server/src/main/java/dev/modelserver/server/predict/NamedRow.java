package dev.modelserver.server.predict;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.JsonValues;
import dev.modelserver.server.predict.InputLayout.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one row of features by name, in any order, and hands them over in the model's. */
public final class NamedRow {

  private final JsonParser parser;
  private final RowCollector collector;
  private final String place;
  private final @Nullable Object[] values;

  /**
   * @param place of the object, for errors
   */
  public NamedRow(JsonParser parser, RowCollector collector, String place) throws RequestException {
    InputLayout layout = collector.layout();
    if (layout.fields().isEmpty()) {
      throw RequestException.malformed(
          place
              + " names features, but this model's have no names; send {\"features\":[…]} with "
              + layout.expected());
    }
    this.parser = parser;
    this.collector = collector;
    this.place = place;
    this.values = new Object[(int) layout.width()];
  }

  /** Reads fields up to the end of the object; the current token is the first name, or the end. */
  public void read() throws IOException, RequestException {
    while (parser.currentToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      value(name);
      parser.nextToken();
    }
    handOver();
  }

  /** The same where the current token is the value of the first name. */
  void readFrom(String name) throws IOException, RequestException {
    value(name);
    parser.nextToken();
    read();
  }

  private void value(String name) throws IOException, RequestException {
    InputLayout layout = collector.layout();
    Field field =
        layout
            .field(name)
            .orElseThrow(
                () ->
                    RequestException.malformed(
                        "the feature \""
                            + Excerpt.of(name)
                            + "\" is not known; the features are "
                            + layout.fieldNames()));
    boolean list = parser.currentToken() == JsonToken.START_ARRAY;
    if (list && field.length() != 1) {
      list(field);
      return;
    }
    Object value = JsonValues.scalar(parser);
    if (value == null || field.length() != 1) {
      String needed =
          field.length() == 1 ? "a single value" : "a list of " + field.length() + " values";
      throw RequestException.malformed(
          field.name() + " is " + JsonValues.shown(parser) + "; " + needed + " is needed");
    }
    values[field.offset()] = value;
  }

  private void list(Field field) throws IOException, RequestException {
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object value = JsonValues.scalar(parser);
      if (value == null) {
        throw RequestException.malformed(
            field.name()
                + "["
                + count
                + "] is "
                + JsonValues.shown(parser)
                + "; a single value is needed");
      }
      if (count < field.length()) {
        values[field.offset() + count] = value;
      }
      count++;
    }
    if (count != field.length()) {
      throw RequestException.malformed(
          field.name() + " has " + count + " values; the model takes " + field.length());
    }
  }

  private void handOver() throws RequestException {
    List<String> missing = new ArrayList<>();
    for (Field field : collector.layout().fields()) {
      if (values[field.offset()] == null) {
        missing.add(field.name());
      }
    }
    if (!missing.isEmpty()) {
      throw RequestException.malformed(
          place
              + " lacks "
              + String.join(", ", missing)
              + "; the features are "
              + collector.layout().fieldNames());
    }
    collector.beginRow();
    for (Object value : values) {
      if (value != null) {
        collector.add(value, this::name);
      }
    }
    collector.endRow(place);
  }

  private String name(int position) {
    for (Field field : collector.layout().fields()) {
      if (position >= field.offset() && position < field.offset() + field.length()) {
        return field.length() == 1
            ? field.name()
            : field.name() + "[" + (position - field.offset()) + "]";
      }
    }
    return place;
  }
}
