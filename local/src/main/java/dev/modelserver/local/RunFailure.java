package dev.modelserver.local;

/** The end of a local run without a prediction; the message is one sentence for a person. */
final class RunFailure extends Exception {
  private static final long serialVersionUID = 1L;

  RunFailure(String message) {
    super(message);
  }
}
