package dev.modelserver.server.graph;

/** What a node says about the last axis of one of its inputs. */
sealed interface WidthRule {

  /** Nothing. */
  WidthRule OPEN = new Open();

  /** The node itself requires a width. */
  record Fixed(RowWidth width) implements WidthRule {}

  /** The first output has the width of the input, and this many axes (0: not known). */
  record Same(int rank) implements WidthRule {}

  /** The first output has the entries of the input from this one on. */
  record From(long first) implements WidthRule {}

  /** See {@link #OPEN}. */
  record Open() implements WidthRule {}

  /** The node requires this many entries, no more and no less; 0: that cannot be read. */
  static WidthRule exactly(long entries) {
    return entries > 0 ? new Fixed(RowWidth.exactly(entries)) : OPEN;
  }

  /** The node reads this many entries. */
  static WidthRule atLeast(long entries) {
    return entries > 0 ? new Fixed(RowWidth.atLeast(entries)) : OPEN;
  }
}
