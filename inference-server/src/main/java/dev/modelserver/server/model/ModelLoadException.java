package dev.modelserver.server.model;

/** The model cannot be served; the message is for its owner and holds no path of this machine. */
public final class ModelLoadException extends Exception {

  /** What is wrong with it. */
  public enum Kind {
    /** Not a model, truncated, or refused by ONNX Runtime. */
    INVALID,
    /** Written for an opset or IR version this ONNX Runtime does not know. */
    UNSUPPORTED_OPSET,
    /** Asks for an operator that this ONNX Runtime does not have. */
    UNSUPPORTED_OPERATOR,
    /** Loads, but an input or output has a type the server cannot serve. */
    UNSUPPORTED_TYPE
  }

  private final Kind kind;

  /** The message is a sentence with object, cause and remedy. */
  public ModelLoadException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
