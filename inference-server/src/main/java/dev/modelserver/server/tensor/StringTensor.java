package dev.modelserver.server.tensor;

import java.util.List;

/** Strings, row-major. */
public record StringTensor(Shape shape, List<String> values) implements Tensor {

  /** What a short string takes beside its characters, in bytes: two objects and a reference. */
  public static final long BYTES_OF_A_STRING = 56;

  public StringTensor {
    values = List.copyOf(values);
    if (shape.elements() != values.size()) {
      throw new IllegalArgumentException(values.size() + " strings do not fill the shape " + shape);
    }
  }

  @Override
  public DataType type() {
    return DataType.BYTES;
  }
}
