package dev.modelserver.server.openapi;

import dev.modelserver.server.text.ForeignText;

/**
 * Words of a model in Markdown, where they must stay words: no markup, no table cells, no lines.
 */
public final class Markdown {

  private static final int MAX_LENGTH = 200;

  private Markdown() {}

  /** Plain text. */
  public static String text(String words) {
    return line(words).replaceAll("([\\\\`*_{}\\[\\]()<>#+!|~&])", "\\\\$1");
  }

  /** A name, set as code. */
  public static String code(String name) {
    // within code these two have no escape
    return "`" + line(name).replaceAll("[`|]", "'") + "`";
  }

  private static String line(String words) {
    return ForeignText.shown(words, MAX_LENGTH).strip();
  }
}
