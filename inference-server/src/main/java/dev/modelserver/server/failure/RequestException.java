package dev.modelserver.server.failure;

/** Carries a {@link RequestFailure} out of a parser. */
public final class RequestException extends Exception {

  private final transient RequestFailure failure;

  public RequestException(RequestFailure failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  /** The content of the request is wrong: the message names field, value and remedy. */
  public static RequestException malformed(String message) {
    return new RequestException(new RequestFailure.Malformed(message));
  }

  public RequestFailure failure() {
    return failure;
  }
}
