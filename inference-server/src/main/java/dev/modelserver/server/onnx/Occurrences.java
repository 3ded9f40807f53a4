package dev.modelserver.server.onnx;

/** Where a piece stands in a text, asked from the front to the back: no place is searched twice. */
final class Occurrences {

  private final String text;
  private final String piece;

  /** The next one at or after the place that was asked for last; -1: none. */
  private int found;

  Occurrences(String text, String piece) {
    this.text = text;
    this.piece = piece;
    this.found = text.indexOf(piece);
  }

  /** The first at or after a place; -1 when there is none. Places only grow. */
  int next(int at) {
    if (found >= 0 && found < at) {
      found = text.indexOf(piece, at);
    }
    return found;
  }

  /** The place behind that one, or another where there is none. */
  int after(int at, int otherwise) {
    int next = next(at);
    return next < 0 ? otherwise : next + piece.length();
  }
}
