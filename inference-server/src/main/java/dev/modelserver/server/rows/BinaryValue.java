package dev.modelserver.server.rows;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes in JSON, as TensorFlow Serving takes them: {@code {"b64": "…"}}. */
public final class BinaryValue {

  /** The only name of such an object. */
  public static final String NAME = "b64";

  private BinaryValue() {}

  /** Reads an object as text. */
  static String text(JsonReader json) throws RequestException {
    json.beginObject();
    if (!NAME.equals(json.nextName())) {
      throw RequestException.malformed(
          "%s is not known; a string, or {\"b64\": \"…\"} with its bytes, is needed"
              .formatted(json.path()));
    }
    return restOfText(json);
  }

  /** Reads an object as text from the value of its name on. */
  static String restOfText(JsonReader json) throws RequestException {
    String place = json.path();
    byte[] bytes = rest(json);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw RequestException.malformed(
          "%s holds bytes that are not UTF-8; the model takes text".formatted(place));
    }
  }

  /** Reads an object as bytes from the value of its name on, to its end. */
  public static byte[] rest(JsonReader json) throws RequestException {
    String place = json.path();
    byte[] bytes = json.base64();
    String other = json.nextName();
    if (other != null) {
      throw RequestException.malformed(
          "\"%s\" is not known beside %s; remove it".formatted(Excerpt.of(other), place));
    }
    return bytes;
  }
}
