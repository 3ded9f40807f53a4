package dev.modelserver.server.onnx;

/**
 * Takes places in C++ sources out of a text: the file with its line, the function, and a condition
 * that was false where a sentence follows it. Takes a time that grows with the text alone.
 *
 * <p>There are two forms: {@code /path/to/file.cc:12 virtual Status ns::Type<T>::compute(int) const
 * [with T = float] a == b was false. The sentence} and {@code file.cc:12 compute The sentence}.
 */
final class SourceLocations {

  private static final String[] SUFFIXES = {".cc", ".h", ".cpp", ".hpp", ".inc"};
  private static final String[] QUALIFIERS = {" const", " noexcept", " volatile", " &&", " &"};
  private static final String FALSE = " was false. ";
  private static final int MAX_CONDITION = 300;

  private final String text;
  private final StringBuilder kept = new StringBuilder();

  private SourceLocations(String text) {
    this.text = text;
  }

  /** The text without them. */
  static String removed(String text) {
    return new SourceLocations(text).removed();
  }

  private String removed() {
    int from = 0;
    for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      int start = start(colon, from);
      int end = start < 0 ? -1 : line(colon + 1);
      if (end >= 0) {
        kept.append(text, from, start);
        from = text.substring(start, colon).indexOf('/') >= 0 ? signature(end) : word(end);
        colon = Math.max(colon, from - 1);
      }
    }
    return kept.append(text, from, text.length()).toString();
  }

  /** Where the name of a source file begins that ends before a colon; -1 when none does. */
  private int start(int colon, int from) {
    for (String suffix : SUFFIXES) {
      if (text.startsWith(suffix, colon - suffix.length()) && colon - suffix.length() > from) {
        int start = colon;
        while (start > from && !Character.isWhitespace(text.charAt(start - 1))) {
          start--;
        }
        return start;
      }
    }
    return -1;
  }

  /** After a number and a space; -1 when there is no such thing. */
  private int line(int at) {
    int end = at;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end > at && end < text.length() && text.charAt(end) == ' ' ? end + 1 : -1;
  }

  /** After the bare name of a function. */
  private int word(int at) {
    int space = text.indexOf(' ', at);
    return space < 0 ? text.length() : space + 1;
  }

  /** After the signature of a function and a condition; the same place when there is none. */
  private int signature(int at) {
    int i = text.indexOf('(', at);
    while (i >= 0) {
      int end = qualified(closed(i, '(', ')'));
      if (text.startsWith("::<lambda(", end)) {
        end = qualified(closed(end + "::<lambda".length(), '(', ')') + 1);
      }
      if (end >= text.length()) {
        return text.length();
      }
      if (text.charAt(end) == ' ') {
        return condition(end + 1);
      }
      i = text.indexOf('(', end);
    }
    return at;
  }

  /** After the words that may follow the parameters. */
  private int qualified(int at) {
    int end = Math.min(at, text.length());
    for (String qualifier : QUALIFIERS) {
      if (text.startsWith(qualifier, end)) {
        end += qualifier.length();
      }
    }
    return text.startsWith(" [with ", end) ? closed(end + 1, '[', ']') : end;
  }

  /** After the bracket that closes the one at a place; the end when there is none. */
  private int closed(int at, char open, char close) {
    int depth = 0;
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == open) {
        depth++;
      } else if (c == close && --depth == 0) {
        return i + 1;
      }
    }
    return text.length();
  }

  private int condition(int at) {
    int end = text.indexOf(FALSE, at);
    return end >= 0 && end - at <= MAX_CONDITION && end + FALSE.length() < text.length()
        ? end + FALSE.length()
        : at;
  }
}
