package dev.modelserver.server.predict;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.DataType;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one row out of a query: {@code GET /predict?input_data=0.8}, values with commas between.
 */
final class QueryFeatures {

  private static final List<String> NAMES = List.of("input_data", "features");
  private static final String EXAMPLE =
      "ask for /predict?input_data=0.8, with commas between several values";
  private static final int MAX_NUMBER_LENGTH = 100;
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private QueryFeatures() {}

  /** Reads the target of a request: a path and its query. */
  static Features parse(InputLayout layout, String target) throws RequestException {
    Map<String, List<String>> query;
    try {
      query = new QueryStringDecoder(target).parameters();
    } catch (IllegalArgumentException e) {
      throw RequestException.malformed("the query is not encoded as a URL's; " + EXAMPLE);
    }
    return parse(layout, query);
  }

  static Features parse(InputLayout layout, Map<String, List<String>> query)
      throws RequestException {
    Set<String> given = query.keySet();
    if (given.isEmpty()) {
      throw RequestException.malformed("the parameter input_data is missing; " + EXAMPLE);
    }
    String name = given.iterator().next();
    if (given.size() > 1 || query.values().iterator().next().size() > 1 || !NAMES.contains(name)) {
      throw RequestException.malformed(
          "the parameters are "
              + Excerpt.of(String.join(", ", given))
              + "; one input_data is needed: "
              + EXAMPLE);
    }
    RowCollector collector = new RowCollector(layout);
    boolean strings =
        layout.columns().stream().allMatch(column -> column.input().datatype() == DataType.BYTES);
    collector.beginRow();
    for (String text : query.values().iterator().next().getFirst().split(",", -1)) {
      collector.add(strings ? text : value(text.strip()), position -> name + "[" + position + "]");
    }
    collector.endRow(name);
    return collector.finish(false);
  }

  /**
   * The text as a number or boolean where it is one; what stays text is refused by the type of the
   * input.
   */
  private static Object value(String text) {
    if (text.length() <= MAX_NUMBER_LENGTH && INTEGER.matcher(text).matches()) {
      BigInteger number = new BigInteger(text);
      return number.bitLength() < Long.SIZE ? (Object) number.longValueExact() : number;
    }
    if (text.length() <= MAX_NUMBER_LENGTH && NUMBER.matcher(text).matches()) {
      return Double.valueOf(text);
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> text;
    };
  }
}
