package dev.modelserver.server.failure;

import dev.modelserver.server.text.ForeignText;

/** What a caller sent, cut and cleaned so that it can be shown back. */
public final class Excerpt {

  private static final int MAX_LENGTH = 40;

  private Excerpt() {}

  /** The same between quotation marks. */
  public static String quoted(String text) {
    return '"' + of(text) + '"';
  }

  /** At most 40 characters, with those that cannot be seen as escapes. */
  public static String of(String text) {
    return ForeignText.shown(text, MAX_LENGTH);
  }
}
