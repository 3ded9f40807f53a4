package dev.modelserver.server.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.modelserver.server.failure.Excerpt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what is wrong with JSON in our own words: the parser's would tell a caller which switches of
 * its code to turn.
 */
public final class JsonFaults {

  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate field '(.*)'", Pattern.DOTALL);
  private static final Pattern NOT_A_NUMBER =
      Pattern.compile("Non-standard token '([^']*)'.*", Pattern.DOTALL);

  private JsonFaults() {}

  /** What to tell the caller. */
  public static String describe(JsonProcessingException e) {
    String words = String.valueOf(e.getOriginalMessage());
    Matcher duplicate = DUPLICATE.matcher(words);
    if (duplicate.find()) {
      return "\"" + Excerpt.of(duplicate.group(1)) + "\" is given twice; send each field once";
    }
    Matcher token = NOT_A_NUMBER.matcher(words);
    if (token.find()) {
      return "the body holds "
          + token.group(1)
          + place(e)
          + ", which is no JSON number; send a finite number";
    }
    if (e instanceof StreamConstraintsException) {
      return words.contains("nesting")
          ? "the body is nested deeper than "
              + Json.MAX_DEPTH
              + " levels; send a flat list of features"
          : "a number, name or string of the body is too long" + place(e) + "; send a shorter one";
    }
    if (e instanceof JsonEOFException) {
      return "the body ends in the middle of the JSON; send all of it";
    }
    return "the body is not valid JSON" + place(e) + "; correct it there";
  }

  private static String place(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
