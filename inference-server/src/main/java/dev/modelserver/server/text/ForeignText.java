package dev.modelserver.server.text;

/**
 * Text that comes from a client, a model, a host or ONNX Runtime, made fit for an answer, a log
 * line, a metric, a termination message and a terminal: on one line, with characters that cannot be
 * seen, that move the cursor or that turn the direction of writing shown as escapes, and cut to a
 * length. Takes a time that grows with the length it keeps.
 */
public final class ForeignText {

  /** Characters of a log line that others can fill. */
  public static final int LOG_LINE = 2000;

  /** Characters of the value of a metric's label. */
  public static final int LABEL = 256;

  private ForeignText() {}

  /**
   * The text as it may be shown.
   *
   * @param most characters of the text that are kept, before escapes make some of them longer
   */
  public static String shown(String text, int most) {
    String kept = cut(text, most);
    if (kept.codePoints().noneMatch(ForeignText::hidden)) {
      return kept;
    }
    StringBuilder shown = new StringBuilder(kept.length() + 16);
    kept.codePoints()
        .forEach(
            c -> {
              if (!hidden(c)) {
                shown.appendCodePoint(c);
              } else if (c == '\n' || c == '\r' || c == '\t') {
                shown.append(' ');
              } else {
                shown.append("\\u%04x".formatted(c));
              }
            });
    return shown.toString();
  }

  /** For a log line. */
  public static String logged(String text) {
    return shown(text, LOG_LINE);
  }

  /** The beginning of a text, which ends in … where it was longer, and in a whole character. */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }

  /** C0, C1, separators of lines, marks of direction and of no width, halves of characters. */
  private static boolean hidden(int c) {
    if (c >= ' ' && c < 0x7f) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
