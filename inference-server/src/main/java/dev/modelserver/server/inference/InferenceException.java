package dev.modelserver.server.inference;

/** Carries an {@link InferenceFailure} through a future. */
public final class InferenceException extends Exception {

  private final transient InferenceFailure failure;

  public InferenceException(InferenceFailure failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  public InferenceFailure failure() {
    return failure;
  }
}
