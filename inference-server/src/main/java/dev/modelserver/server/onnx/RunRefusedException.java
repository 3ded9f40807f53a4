package dev.modelserver.server.onnx;

/** A run that its {@link RunGuard} did not let begin; the message is for the caller. */
public final class RunRefusedException extends ModelRunException {

  public RunRefusedException(String message) {
    super(Kind.CRASH, message);
  }
}
