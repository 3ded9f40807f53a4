package dev.modelserver.server.json;

import dev.modelserver.server.failure.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strings of a JSON text: strict UTF-8, escapes, no halves of surrogate pairs. */
final class JsonStrings {

  private final JsonReader json;
  private final byte[] bytes;
  private final int end;
  private boolean escapes;
  private boolean ascii;

  JsonStrings(JsonReader json) {
    this.json = json;
    this.bytes = json.bytes;
    this.end = json.end;
  }

  /**
   * Reads over a string.
   *
   * @param from its first character
   * @return where its closing quote is
   */
  int skip(int from) throws RequestException {
    escapes = false;
    ascii = true;
    int p = from;
    while (p < end) {
      byte b = bytes[p];
      if (b == '"') {
        return p;
      }
      if (b == '\\') {
        escapes = true;
        p = pastEscape(p);
      } else if (b >= 0x20) {
        p++;
      } else if (b < 0) {
        ascii = false;
        p = pastCharacter(p);
      } else {
        throw JsonFaults.invalid(json, p);
      }
    }
    throw JsonFaults.ended();
  }

  /** The text of the string that was read over last. */
  String text(int from, int to) {
    if (!escapes) {
      return new String(
          bytes, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder(to - from);
    int plain = from;
    for (int p = from; p < to; ) {
      if (bytes[p] != '\\') {
        p++;
        continue;
      }
      if (plain < p) {
        text.append(new String(bytes, plain, p - plain, StandardCharsets.UTF_8));
      }
      if (bytes[p + 1] == 'u') {
        text.append((char) hex(p + 2));
        p += 6;
      } else {
        text.append(meant(bytes[p + 1]));
        p += 2;
      }
      plain = p;
    }
    return text.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8)).toString();
  }

  /** The bytes of the string that was read over last; some writers escape each slash. */
  byte[] withoutEscapedSlashes(int from, int to) {
    byte[] plain = Arrays.copyOfRange(bytes, from, to);
    if (!escapes) {
      return plain;
    }
    int length = 0;
    for (int i = 0; i < plain.length; i++) {
      boolean escape = plain[i] == '\\' && i + 1 < plain.length && plain[i + 1] == '/';
      if (!escape) {
        plain[length++] = plain[i];
      }
    }
    return Arrays.copyOf(plain, length);
  }

  private static char meant(byte escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> (char) escaped;
    };
  }

  /** Past the escape, or the two escapes of a surrogate pair, at a backslash. */
  private int pastEscape(int at) throws RequestException {
    if (at + 1 >= end) {
      throw JsonFaults.ended();
    }
    switch (bytes[at + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return at + 2;
      }
      case 'u' -> {
        char first = (char) checkedHex(at + 2);
        if (!Character.isSurrogate(first)) {
          return at + 6;
        }
        boolean pair =
            Character.isHighSurrogate(first)
                && at + 7 < end
                && bytes[at + 6] == '\\'
                && bytes[at + 7] == 'u'
                && Character.isLowSurrogate((char) checkedHex(at + 8));
        if (!pair) {
          throw JsonFaults.halfPair(json, at);
        }
        return at + 12;
      }
      default -> throw JsonFaults.invalid(json, at + 1);
    }
  }

  private int checkedHex(int from) throws RequestException {
    for (int i = from; i < from + 4; i++) {
      if (i >= end) {
        throw JsonFaults.ended();
      }
      if (Character.digit(bytes[i], 16) < 0) {
        throw JsonFaults.invalid(json, i);
      }
    }
    return hex(from);
  }

  private int hex(int from) {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      value = value << 4 | Character.digit(bytes[i], 16);
    }
    return value;
  }

  /** Past a character of two to four bytes: none longer than it need be, and no surrogates. */
  private int pastCharacter(int at) throws RequestException {
    int first = bytes[at] & 0xFF;
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) {
      throw JsonFaults.notUtf8(json, at);
    }
    for (int i = 1; i < length; i++) {
      if (at + i >= end) {
        throw JsonFaults.ended();
      }
      if ((bytes[at + i] & 0xC0) != 0x80) {
        throw JsonFaults.notUtf8(json, at);
      }
    }
    int second = bytes[at + 1] & 0xFF;
    boolean wrong =
        switch (first) {
          case 0xE0 -> second < 0xA0;
          case 0xED -> second > 0x9F;
          case 0xF0 -> second < 0x90;
          case 0xF4 -> second > 0x8F;
          default -> false;
        };
    if (wrong) {
      throw JsonFaults.notUtf8(json, at);
    }
    return at + length;
  }
}
