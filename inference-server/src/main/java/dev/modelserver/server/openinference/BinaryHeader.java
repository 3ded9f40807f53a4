package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.BodyReader;
import java.util.List;
import java.util.regex.Pattern;

/** The header that says how many bytes of a body are JSON; binary data follow them. */
final class BinaryHeader {

  static final String NAME = BodyReader.JSON_LENGTH;

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,10}");

  private BinaryHeader() {}

  /** The length of the JSON as the header says it; negative when it does not, or not well. */
  static int announced(List<String> values) {
    return values.size() == 1 && LENGTH.matcher(values.getFirst()).matches()
        ? (int) Math.min(Integer.MAX_VALUE, Long.parseLong(values.getFirst()))
        : -1;
  }

  /**
   * The length of the JSON; all of the body when the header is absent.
   *
   * @param values of the header
   * @param bodyLength after decompression
   */
  static int jsonLength(List<String> values, int bodyLength) throws RequestException {
    if (values.isEmpty()) {
      return bodyLength;
    }
    String value = values.getFirst().strip();
    if (values.size() > 1 || !LENGTH.matcher(value).matches()) {
      throw RequestException.malformed(
          NAME + " is \"" + Excerpt.of(String.join(",", values)) + "\"; send one number of bytes");
    }
    long length = Long.parseLong(value);
    if (length > bodyLength) {
      throw RequestException.malformed(
          NAME
              + " is "
              + length
              + ", but the body has "
              + bodyLength
              + " bytes; send the length of the JSON alone");
    }
    return (int) length;
  }
}
