package dev.modelserver.server.verification;

import dev.modelserver.server.text.ForeignText;

/**
 * The first difference between an answer and what was expected of it.
 *
 * @param path the field in the answer, as {@code predictions[0].class}
 * @param given what stands there, as JSON or in words
 * @param expected what should, in the same form
 * @param within the tolerance, in words; empty where none applies
 */
record Miss(String path, String given, String expected, String within) {

  private static final int MAX_PATH = 120;
  private static final int MAX_VALUE = 100;

  /** The difference in words, with long values cut. */
  String words() {
    return clip(path, MAX_PATH)
        + " is "
        + clip(given, MAX_VALUE)
        + ", expected "
        + clip(expected, MAX_VALUE)
        + within;
  }

  static String clip(String text, int length) {
    return ForeignText.shown(text, text.length() <= length ? length : length - 1);
  }
}
