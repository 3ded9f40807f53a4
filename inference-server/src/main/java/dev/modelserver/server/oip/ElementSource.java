package dev.modelserver.server.oip;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;

/** The elements of one input, as a transport has received them. */
public interface ElementSource {

  /** Bytes of the request that they are in, or more. */
  long length();

  /** Whether the tensor of numbers is made of the request's own bytes, in place. */
  boolean inPlace();

  /** The tensor; its shape has at most 2^31-1 elements. */
  Tensor read(DataType type, Shape shape) throws RequestException;
}
