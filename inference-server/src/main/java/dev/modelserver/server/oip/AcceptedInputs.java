package dev.modelserver.server.oip;

import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;

/** The inputs that a model takes. */
@FunctionalInterface
public interface AcceptedInputs {

  /** Refuses an input of this name, type and shape, unless the model takes it. */
  void check(String name, DataType type, Shape shape) throws InferenceException;
}
