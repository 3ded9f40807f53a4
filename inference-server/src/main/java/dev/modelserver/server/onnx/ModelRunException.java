package dev.modelserver.server.onnx;

/** A run that gave no answer. */
public class ModelRunException extends Exception {

  /** Whose fault it is. */
  public enum Kind {
    /** The inputs: the model has answered others. */
    INPUT,
    /** The model: no run of it ever succeeded. */
    MODEL,
    /** The inputs: a run with them ended a process before. */
    CRASH,
    /** There was no memory for what the run needs. */
    MEMORY,
    /** The model is being unloaded. */
    UNLOADING
  }

  private final Kind kind;

  ModelRunException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static ModelRunException unloading() {
    return new ModelRunException(Kind.UNLOADING, "the model is being unloaded");
  }

  public Kind kind() {
    return kind;
  }
}
