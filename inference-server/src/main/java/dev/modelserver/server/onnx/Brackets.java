package dev.modelserver.server.onnx;

import java.util.Arrays;

/** Where brackets open, and which closes which, for all of a text at once. */
final class Brackets {

  private final int[] after;
  private final int[] next;

  Brackets(String text, char open, char close) {
    after = new int[text.length()];
    Arrays.fill(after, text.length());
    int[] opened = new int[text.length()];
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == open) {
        opened[depth++] = i;
      } else if (c == close && depth > 0) {
        after[opened[--depth]] = i + 1;
      }
    }
    next = new int[text.length() + 1];
    next[text.length()] = -1;
    for (int i = text.length() - 1; i >= 0; i--) {
      next[i] = text.charAt(i) == open ? i : next[i + 1];
    }
  }

  /** The first that opens at or after a place; -1 when there is none. */
  int next(int at) {
    return next[at];
  }

  /** After the bracket that closes the one at a place; the end when there is none. */
  int close(int open) {
    return after[open];
  }
}
