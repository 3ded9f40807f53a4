package dev.modelserver.server.predict;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.http.JsonFaults;
import dev.modelserver.server.http.JsonValues;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /predict}: {@code {"features":[…]}} for a row, {@code
 * {"features":[[…],[…]]}} for a batch, or features by name, at the top level or under any one key;
 * a list of such objects is a batch too.
 */
final class FeatureParser {

  private static final String EXAMPLE = "send a JSON object such as {\"features\":[…]}";

  private final RowCollector collector;
  private final JsonParser parser;

  private FeatureParser(InputLayout layout, JsonParser parser) throws RequestException {
    this.collector = new RowCollector(layout);
    this.parser = parser;
  }

  /** Reads the first {@code length} bytes. */
  static Features parse(InputLayout layout, byte[] body, int length) throws RequestException {
    if (length == 0) {
      throw RequestException.malformed("the body is empty; " + EXAMPLE);
    }
    try (JsonParser parser = Json.factory().createParser(body, 0, length)) {
      FeatureParser features = new FeatureParser(layout, parser);
      Features read = features.body();
      if (parser.nextToken() != null) {
        throw RequestException.malformed(
            "the body goes on after the JSON object; send one object per request");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw RequestException.malformed(JsonFaults.describe(e));
    } catch (IOException e) {
      throw RequestException.malformed("the body is not valid UTF-8 JSON; " + EXAMPLE);
    }
  }

  private Features body() throws IOException, RequestException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw RequestException.malformed("the body is not a JSON object; " + EXAMPLE);
    }
    if (parser.nextToken() == JsonToken.END_OBJECT) {
      throw RequestException.malformed("features is missing; " + EXAMPLE);
    }
    String key = parser.currentName();
    boolean field = collector.layout().field(key).isPresent();
    JsonToken value = parser.nextToken();
    boolean features = key.equals("features") && value == JsonToken.START_ARRAY;
    if (value == JsonToken.START_OBJECT || features || (value == JsonToken.START_ARRAY && !field)) {
      boolean batch = value == JsonToken.START_ARRAY ? list(key) : objectRow(key);
      if (parser.nextToken() == JsonToken.FIELD_NAME) {
        throw RequestException.malformed(
            "\""
                + Excerpt.of(parser.currentName())
                + "\" is not known beside \""
                + Excerpt.of(key)
                + "\"; remove it");
      }
      return collector.finish(batch);
    }
    if (key.equals("features") && !field) {
      throw RequestException.malformed(
          "features is " + shown() + "; it takes a list of values, or a list of such lists");
    }
    new NamedRow(parser, collector, "the body").readFrom(key);
    return collector.finish(false);
  }

  private boolean objectRow(String key) throws IOException, RequestException {
    parser.nextToken();
    new NamedRow(parser, collector, "\"" + Excerpt.of(key) + "\"").read();
    return false;
  }

  /**
   * Reads the list under a key: values are a row, lists or objects are rows. Returns whether it was
   * a batch.
   */
  private boolean list(String key) throws IOException, RequestException {
    JsonToken first = parser.nextToken();
    boolean batch = first == JsonToken.START_ARRAY || first == JsonToken.START_OBJECT;
    if (!key.equals("features") && first != JsonToken.START_OBJECT) {
      String names = collector.layout().fieldNames();
      throw RequestException.malformed(
          "\""
              + Excerpt.of(key)
              + "\" is not a feature; "
              + (names.isEmpty() ? EXAMPLE : "the features are " + names));
    }
    if (batch) {
      rows(key);
    } else {
      row(key, null);
    }
    return batch;
  }

  private void rows(String key) throws IOException, RequestException {
    for (JsonToken token = parser.currentToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      String place = key + "[" + collector.rows() + "]";
      if (token == JsonToken.START_OBJECT) {
        parser.nextToken();
        new NamedRow(parser, collector, place).read();
      } else if (token == JsonToken.START_ARRAY) {
        parser.nextToken();
        row(key, collector.rows());
      } else {
        throw RequestException.malformed(
            place
                + " is "
                + shown()
                + ", but "
                + key
                + "[0] is a row; send rows only, or values only");
      }
    }
  }

  /** Reads values up to the end of the list; the current token is the first. */
  private void row(String key, @Nullable Integer index) throws IOException, RequestException {
    String place = index == null ? key : key + "[" + index + "]";
    collector.beginRow();
    for (JsonToken token = parser.currentToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      Object value = JsonValues.scalar(parser);
      if (value == null) {
        throw RequestException.malformed(
            place
                + "["
                + JsonValues.index(parser)
                + "] is "
                + shown()
                + "; a single value is needed");
      }
      collector.add(value, position -> place + "[" + position + "]");
    }
    collector.endRow(place);
  }

  private String shown() throws IOException {
    return JsonValues.shown(parser);
  }
}
