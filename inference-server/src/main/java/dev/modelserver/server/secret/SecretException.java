package dev.modelserver.server.secret;

/**
 * A Secret cannot be used. The message names the Secret, the cause and the remedy, and nothing that
 * is secret.
 */
public final class SecretException extends Exception {

  /** What is wrong. */
  public enum Fault {
    CERTIFICATE_INVALID,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_NAME_MISMATCH,
    TOKENS_INVALID,
    CREDENTIALS_INVALID
  }

  private final Fault fault;

  SecretException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }

  /** The message. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
