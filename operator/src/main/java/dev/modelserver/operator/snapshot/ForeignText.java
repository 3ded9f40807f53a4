package dev.modelserver.operator.snapshot;

import dev.modelserver.operator.api.v1alpha1.Urls;

/**
 * Text that comes from a model, an image, a host, a pod or the API server, made fit for a status,
 * an Event, a log line and a terminal: characters that cannot be seen, that move the cursor or turn
 * the direction of writing are shown as escapes, queries of URLs are hidden, and a long text is
 * cut.
 */
public final class ForeignText {
  private ForeignText() {}

  /**
   * The text as it may be shown.
   *
   * @param most characters that are kept
   */
  public static String shown(String text, int most) {
    String open = Urls.redactedIn(text);
    String whole = open.length() <= most ? open : open.substring(0, cut(open, most)) + "…";
    if (whole.codePoints().noneMatch(ForeignText::hidden)) {
      return whole;
    }
    StringBuilder shown = new StringBuilder(whole.length());
    whole
        .codePoints()
        .forEach(
            c -> {
              if (!hidden(c)) {
                shown.appendCodePoint(c);
              } else if (c == '\n' || c == '\t' || c == '\r') {
                shown.append(' ');
              } else {
                shown.append("\\u%04x".formatted(c));
              }
            });
    return shown.toString();
  }

  /** Not in the middle of a character. */
  private static int cut(String text, int most) {
    return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
  }

  /** C0, C1, separators of lines, marks of direction and width, halves of characters. */
  private static boolean hidden(int c) {
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
