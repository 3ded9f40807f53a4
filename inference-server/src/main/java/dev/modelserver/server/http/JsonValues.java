package dev.modelserver.server.http;

import com.fasterxml.jackson.core.JsonParser;
import dev.modelserver.server.failure.Excerpt;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Single values out of a JSON stream. */
public final class JsonValues {

  private JsonValues() {}

  /**
   * The current value as a Long, BigInteger, Double, Boolean or String; null for null, lists and
   * objects.
   */
  public static @Nullable Object scalar(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : Long.valueOf(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      case null, default -> null;
    };
  }

  /** The current token in the words of an error. */
  public static String shown(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_ARRAY -> "a list";
      case START_OBJECT -> "an object";
      case VALUE_NULL -> "null";
      case VALUE_STRING -> "\"" + Excerpt.of(parser.getText()) + "\"";
      case null -> "nothing";
      default -> Excerpt.of(parser.getText());
    };
  }

  /** The position of the current value in its list. */
  public static int index(JsonParser parser) {
    var context = parser.getParsingContext();
    // at the start of a nested list or object the position is one level up
    return context.inArray() && !parser.currentToken().isStructStart()
        ? context.getCurrentIndex()
        : context.getParent().getCurrentIndex();
  }
}
