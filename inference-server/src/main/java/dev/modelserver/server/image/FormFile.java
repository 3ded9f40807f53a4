package dev.modelserver.server.image;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the field {@code file} of a form (RFC 7578) in a body that is in memory, without copying
 * it. Other fields are passed over.
 */
public final class FormFile {

  /** The field that holds the image. */
  public static final String FIELD = "file";

  static final int MAX_PARTS = 16;
  static final int MAX_HEADER_BYTES = 8 << 10;

  /** RFC 2046, section 5.1.1. */
  private static final Pattern BOUNDARY =
      Pattern.compile(
          ";\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\",]{1,70}))\\s*(?:;|$)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAME =
      Pattern.compile(
          "content-disposition:\\s*form-data\\s*;(?:.*[;\\s])?name=(?:\"([^\"]*)\"|([^;\\s\"]+)).*",
          Pattern.CASE_INSENSITIVE);

  private static final String REMEDY =
      "; send a form as curl -F file=@photo.jpg does, or the image alone as image/jpeg or image/png";

  private final byte[] body;
  private final int length;
  private final byte[] delimiter;
  private final List<String> others = new ArrayList<>();
  private @Nullable ImageFile found;
  private int at;

  private FormFile(byte[] body, int length, String boundary) {
    this.body = body;
    this.length = length;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Finds the file.
   *
   * @param contentType the header of the request
   * @param body only its first {@code length} bytes are read
   */
  public static ImageFile in(String contentType, byte[] body, int length) throws RequestException {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      throw RequestException.malformed(
          "Content-Type is \"" + Excerpt.of(contentType) + "\" without a boundary" + REMEDY);
    }
    String text = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
    return new FormFile(body, length, text).read();
  }

  private ImageFile read() throws RequestException {
    // the first delimiter may stand at the very beginning, without the line break before it
    at = matches(0, 2) ? delimiter.length - 2 : next(0) + delimiter.length;
    for (int parts = 1; !end(); parts++) {
      if (parts > MAX_PARTS) {
        throw RequestException.malformed("the form has more than " + MAX_PARTS + " parts" + REMEDY);
      }
      part();
    }
    if (found == null) {
      throw RequestException.malformed(
          "the form has no field "
              + FIELD
              + (others.isEmpty() ? "" : ", but " + String.join(", ", others))
              + REMEDY);
    }
    return found;
  }

  /** Reads one part; {@code at} is after its delimiter, and moves behind the next one. */
  private void part() throws RequestException {
    String name = null;
    boolean encoded = false;
    int headers = at;
    for (String line = line(headers); !line.isEmpty(); line = line(headers)) {
      Matcher named = NAME.matcher(line);
      if (named.matches()) {
        name = named.group(1) == null ? named.group(2) : named.group(1);
      }
      encoded |=
          line.toLowerCase(Locale.ROOT)
              .matches("content-transfer-encoding:\\s*(base64|quoted-printable)\\s*");
    }
    int from = at;
    // a content that is empty may share the line break before it with the delimiter
    int delimited = next(from - 2);
    at = delimited + delimiter.length;
    int to = Math.max(from, delimited);
    if (!FIELD.equals(name)) {
      others.add(name == null ? "a part without a name" : "\"" + Excerpt.of(name) + "\"");
    } else if (found != null) {
      throw RequestException.malformed(
          "the form has the field " + FIELD + " twice; send one image per request");
    } else if (encoded) {
      throw RequestException.malformed(
          FIELD + " has a Content-Transfer-Encoding; send the bytes of the image as they are");
    } else {
      found = new ImageFile(body, from, to, FIELD);
    }
  }

  /** Whether the delimiter was the last; else moves behind its line break. */
  private boolean end() throws RequestException {
    if (at + 2 <= length && body[at] == '-' && body[at + 1] == '-') {
      return true;
    }
    // RFC 2046 allows blanks after a boundary
    while (at < length && (body[at] == ' ' || body[at] == '\t')) {
      at++;
    }
    if (at + 2 > length || body[at] != '\r' || body[at + 1] != '\n') {
      throw broken();
    }
    at += 2;
    return false;
  }

  /** The next header line of a part; {@code at} moves behind it. */
  private String line(int headers) throws RequestException {
    for (int i = at; i + 1 < length; i++) {
      if (i - headers >= MAX_HEADER_BYTES) {
        throw RequestException.malformed(
            "a part of the form has more than " + MAX_HEADER_BYTES + " bytes of headers" + REMEDY);
      }
      if (body[i] == '\r' && body[i + 1] == '\n') {
        String line = new String(body, at, i - at, StandardCharsets.UTF_8);
        at = i + 2;
        return line;
      }
    }
    throw broken();
  }

  /** The index of the next delimiter, its line break included. */
  private int next(int from) throws RequestException {
    for (int i = Math.max(0, from); i <= length - delimiter.length; i++) {
      if (body[i] == '\r' && matches(i, 0)) {
        return i;
      }
    }
    throw broken();
  }

  private boolean matches(int index, int skipped) {
    int count = delimiter.length - skipped;
    if (index + count > length) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (body[index + i] != delimiter[skipped + i]) {
        return false;
      }
    }
    return true;
  }

  private static RequestException broken() {
    return RequestException.malformed(
        "the form ends too early, or is not what the boundary in Content-Type says" + REMEDY);
  }
}
