package dev.modelserver.server.openinference;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A position in the bytes of a JSON text, and the plain tokens that can be read there. A token of
 * another form is not read, and where the position is then means nothing.
 */
final class JsonCursor {

  private static final int MAX_STRING = 1000;
  private static final int MAX_DIGITS = 18;

  final byte[] bytes;
  final int end;
  int position;

  /** Begins at the first byte; reads nothing at or beyond {@code end}. */
  JsonCursor(byte[] bytes, int end) {
    this.bytes = bytes;
    this.end = end;
  }

  /** Reads over a punctuation mark, if it is the next token. */
  boolean take(char punctuation) {
    skipSpace();
    if (position < end && bytes[position] == punctuation) {
      position++;
      return true;
    }
    return false;
  }

  /** Whether the next token begins with this character, which is not read. */
  boolean sees(char first) {
    skipSpace();
    return position < end && bytes[position] == first;
  }

  /** Reads over the characters, if they come next. */
  boolean takeWord(String word) {
    skipSpace();
    int length = word.length();
    if (end - position < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[position + i] != word.charAt(i)) {
        return false;
      }
    }
    position += length;
    return true;
  }

  /** A name and the colon after it. */
  @Nullable String key() {
    String key = string();
    return key != null && take(':') ? key : null;
  }

  /** A string of ASCII characters without escapes. */
  @Nullable String string() {
    if (!take('"')) {
      return null;
    }
    int from = position;
    int limit = Math.min(end, from + MAX_STRING + 1);
    for (int p = from; p < limit; p++) {
      byte b = bytes[p];
      if (b == '"') {
        position = p + 1;
        return new String(bytes, from, p - from, StandardCharsets.ISO_8859_1);
      }
      // bytes beyond ASCII are negative
      if (b < 0x20 || b == '\\') {
        return null;
      }
    }
    return null;
  }

  /** A whole number from 0 on; -1 when there is none. */
  long natural() {
    skipSpace();
    int from = position;
    long value = 0;
    int p = from;
    while (p < end && bytes[p] >= '0' && bytes[p] <= '9') {
      value = value * 10 + bytes[p] - '0';
      p++;
    }
    position = p;
    int length = p - from;
    boolean plain = length > 0 && length <= MAX_DIGITS && (length == 1 || bytes[from] != '0');
    // a point or an exponent fails where the next punctuation is taken
    return plain ? value : -1;
  }

  @Nullable Boolean truth() {
    if (takeWord("true")) {
      return true;
    }
    return takeWord("false") ? false : null;
  }

  boolean atEnd() {
    skipSpace();
    return position == end;
  }

  private void skipSpace() {
    while (position < end && isSpace(bytes[position])) {
      position++;
    }
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
