package dev.modelserver.server.failure;

/** What a caller sent, cut and cleaned so that it can be shown back. */
public final class Excerpt {

  private static final int MAX_LENGTH = 40;

  private Excerpt() {}

  /** The same between quotation marks. */
  public static String quoted(String text) {
    return '"' + of(text) + '"';
  }

  /** At most 40 characters, without control characters. */
  public static String of(String text) {
    String shown =
        text.length() > MAX_LENGTH
            ? text.substring(
                    0,
                    Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1))
                        ? MAX_LENGTH - 1
                        : MAX_LENGTH)
                + "…"
            : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
