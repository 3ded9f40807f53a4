package dev.modelserver.server.onnx;

/** A run that gave no answer. */
public class ModelRunException extends Exception {

  private final boolean inputRefused;

  ModelRunException(String message, boolean inputRefused) {
    super(message);
    this.inputRefused = inputRefused;
  }

  /** True when the inputs do not fit the model, false when the model failed on inputs that do. */
  public boolean inputRefused() {
    return inputRefused;
  }
}
