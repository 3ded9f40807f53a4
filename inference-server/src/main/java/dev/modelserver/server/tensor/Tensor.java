package dev.modelserver.server.tensor;

/** A value of a type and a shape, row-major. */
public sealed interface Tensor permits NumericTensor, StringTensor {

  DataType type();

  /** The shape; every size is known. */
  Shape shape();
}
