package dev.modelserver.server.predict;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.json.JsonReader.Kind;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.RowReader;
import dev.modelserver.server.rows.Rows;
import java.util.Set;

/**
 * Reads the body of {@code POST /predict}: a list of values for a row; a list of rows, each a list
 * or an object; or an object with the values of a row by name, or with a list for each name. The
 * body is that list or object, or has it under one key.
 */
final class PredictBody {

  /** Keys of a list of rows, or of the values of a row. */
  private static final Set<String> LISTS = Set.of("features", "instances", "inputs", "data");

  private final JsonReader json;
  private final InputLayout layout;
  private final RowReader rows;

  private PredictBody(JsonReader json, InputLayout layout) throws RequestException {
    this.json = json;
    this.layout = layout;
    this.rows = new RowReader(json, layout);
  }

  /** Reads the first {@code length} bytes. */
  static Rows read(InputLayout layout, byte[] body, int length) throws RequestException {
    JsonReader json = new JsonReader(body, length);
    PredictBody request = new PredictBody(json, layout);
    if (json.atEnd()) {
      throw RequestException.malformed("the body is empty; " + layout.accepted());
    }
    boolean list =
        switch (json.peek()) {
          case LIST -> request.rows.list();
          case OBJECT -> request.object();
          default -> throw request.refused("the body is " + json.shown());
        };
    if (!json.atEnd()) {
      throw RequestException.malformed(
          "the body goes on after the JSON value; send one per request");
    }
    return request.rows.finish(list);
  }

  /** Whether a body begins as JSON that can be read does. */
  static boolean looksLike(byte[] body, int length) {
    for (int i = 0; i < length; i++) {
      switch (body[i]) {
        case ' ', '\t', '\n', '\r' -> {}
        case '{', '[' -> {
          return true;
        }
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  private boolean object() throws RequestException {
    json.beginObject();
    String key = json.nextName();
    if (key == null) {
      throw refused("the body is an empty object");
    }
    boolean list;
    switch (json.peek()) {
      case OBJECT -> list = inner();
      case LIST -> {
        if (!isList(key)) {
          return rows.rowOrColumns(key);
        }
        list = rows.list();
      }
      default -> {
        if (layout.field(key) == null) {
          throw LISTS.contains(key) ? refused(key + " is " + json.shown()) : unknown(key);
        }
        return rows.rowOrColumns(key);
      }
    }
    String other = json.nextName();
    if (other != null) {
      throw RequestException.malformed(
          "\"%s\" is not known beside \"%s\"; remove it"
              .formatted(Excerpt.of(other), Excerpt.of(key)));
    }
    return list;
  }

  private boolean inner() throws RequestException {
    json.beginObject();
    String first = json.nextName();
    if (first == null) {
      rows.object(null);
      return false;
    }
    return rows.rowOrColumns(first);
  }

  /** Whether the list under a key has rows or the values of one; otherwise the key is a name. */
  private boolean isList(String key) throws RequestException {
    if (key.equals("features")) {
      return true;
    }
    if (layout.field(key) != null) {
      return json.peekFirst() == Kind.OBJECT && !layout.isText(key);
    }
    if (LISTS.contains(key) || json.peekFirst() == Kind.OBJECT) {
      return true;
    }
    throw unknown(key);
  }

  private RequestException unknown(String key) {
    return refused("\"%s\" is not a feature or an input".formatted(Excerpt.of(key)));
  }

  private RequestException refused(String why) {
    return RequestException.malformed("%s; %s".formatted(why, layout.accepted()));
  }
}
