package dev.modelserver.server.predict;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.RowReader;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.DataType;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one row out of a query: {@code GET /predict?input_data=0.8}, values with commas between. It
 * is read as the JSON that it stands for.
 */
final class QueryRow {

  private static final List<String> NAMES = List.of("input_data", "features");
  private static final String EXAMPLE =
      "use /predict?input_data=0.8; separate several values with commas";

  /** Longer ones are no numbers. */
  private static final int MAX_NUMBER_LENGTH = 100;

  /** JSON wants digits on both sides of a point, no sign + and no zeros before other digits. */
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?)(?=\\.?\\d)0*(\\d*)(\\.\\d*)?([eE][+-]?\\d+)?");

  private static final Map<String, String> WORDS =
      Map.of(
          "nan", "NaN",
          "null", "null",
          "inf", "Infinity",
          "+inf", "Infinity",
          "-inf", "-Infinity",
          "infinity", "Infinity",
          "-infinity", "-Infinity");

  private QueryRow() {}

  /** Reads the target of a request: a path and its query. */
  static Rows read(InputLayout layout, String target) throws RequestException {
    Map<String, List<String>> query;
    try {
      query = new QueryStringDecoder(target).parameters();
    } catch (IllegalArgumentException e) {
      throw RequestException.malformed("the query is not encoded as a URL's; " + EXAMPLE);
    }
    return read(layout, query);
  }

  static Rows read(InputLayout layout, Map<String, List<String>> query) throws RequestException {
    Set<String> given = query.keySet();
    if (given.isEmpty()) {
      throw RequestException.malformed("the parameter input_data is missing; " + EXAMPLE);
    }
    String name = given.iterator().next();
    List<String> values = query.values().iterator().next();
    if (given.size() > 1 || values.size() > 1 || !NAMES.contains(name)) {
      throw RequestException.malformed(
          "the parameters are %s; one input_data is needed: %s"
              .formatted(Excerpt.of(String.join(", ", given)), EXAMPLE));
    }
    layout.requireRows();
    byte[] text = json(layout, name, values.getFirst().split(",", -1));
    JsonReader json = new JsonReader(text, text.length);
    json.beginObject();
    var _ = json.nextName();
    RowReader rows = new RowReader(json, layout);
    return rows.finish(rows.list());
  }

  private static byte[] json(InputLayout layout, String name, String[] values) {
    JsonWriter json = new JsonWriter(64);
    json.raw("{").string(name).raw(":[");
    for (int i = 0; i < values.length; i++) {
      json.raw(i == 0 ? "" : ",");
      if (layout.type(i) == DataType.BYTES) {
        json.string(values[i]);
      } else {
        value(json, values[i].strip());
      }
    }
    return json.raw("]}").toBytes();
  }

  /** What is no value of JSON stays text, and is refused by the type of the input. */
  private static void value(JsonWriter json, String text) {
    String word = WORDS.get(text.toLowerCase(Locale.ROOT));
    Matcher number = NUMBER.matcher(text);
    if (word != null || text.equals("true") || text.equals("false")) {
      json.raw(word == null ? text : word);
    } else if (text.length() <= MAX_NUMBER_LENGTH && number.matches()) {
      String point = number.group(3);
      json.raw(number.group(1).equals("-") ? "-" : "")
          .raw(number.group(2).isEmpty() ? "0" : number.group(2))
          .raw(point == null ? "" : point.length() == 1 ? ".0" : point)
          .raw(number.group(4) == null ? "" : number.group(4));
    } else {
      json.string(text);
    }
  }
}
