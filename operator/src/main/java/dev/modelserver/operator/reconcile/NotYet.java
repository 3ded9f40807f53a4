package dev.modelserver.operator.reconcile;

/** Not everything could be written; the status says what. Asks the framework to try again later. */
final class NotYet extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotYet(String message) {
    // Without a stack trace: this is an outcome, not a defect.
    super(message, null, false, false);
  }
}
