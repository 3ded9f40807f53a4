package dev.modelserver.server.verdict;

/** Ends preflight; the message is one sentence for the model's owner: object, cause, remedy. */
public final class PreflightException extends Exception {

  private final Reason reason;

  public PreflightException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
