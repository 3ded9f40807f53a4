package dev.modelserver.server.graph.independence;

/** An operator's output is not proved to keep rows apart. */
final class RowsMixException extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param what the predicate of a sentence about the node, such as "adds up over the rows"
   */
  RowsMixException(String what) {
    super(what, null, false, false);
  }

  String what() {
    return String.valueOf(getMessage());
  }
}
