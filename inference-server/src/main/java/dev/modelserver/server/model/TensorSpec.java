package dev.modelserver.server.model;

import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;

/** An input or output as the model declares it; a size of -1 varies from call to call. */
public record TensorSpec(String name, DataType datatype, Shape shape) {

  @Override
  public String toString() {
    return name + " " + datatype + shape;
  }
}
