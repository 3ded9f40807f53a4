package dev.modelserver.server.onnx;

import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Several tensors as one. */
final class TensorStack {

  private TensorStack() {}

  /**
   * Stacks tensors of one shape along a new first axis; none at all are a tensor of no elements.
   *
   * @param spec of the output they come from
   */
  static Tensor of(TensorSpec spec, List<Tensor> parts) throws ModelRunException {
    if (parts.isEmpty()) {
      Shape empty = Shape.of(0);
      return spec.datatype() == DataType.BYTES
          ? new StringTensor(empty, List.of())
          : NumericTensor.allocate(spec.datatype(), empty);
    }
    Tensor first = parts.getFirst();
    for (Tensor part : parts) {
      if (!part.shape().equals(first.shape()) || part.type() != first.type()) {
        throw new ModelRunException(
            "the output \""
                + spec.name()
                + "\" is a sequence of tensors of different shapes, "
                + first.shape()
                + " and "
                + part.shape()
                + ", which no tensor holds; send inputs for which they are equal",
            true);
      }
    }
    List<Long> dims = new ArrayList<>(List.of((long) parts.size()));
    dims.addAll(first.shape().dims());
    Shape shape = new Shape(dims);
    if (first.type() == DataType.BYTES) {
      List<String> values = new ArrayList<>();
      parts.forEach(part -> values.addAll(((StringTensor) part).values()));
      return new StringTensor(shape, values);
    }
    NumericTensor whole = NumericTensor.allocate(first.type(), shape);
    parts.forEach(part -> whole.data().put(((NumericTensor) part).data().duplicate()));
    whole.data().rewind();
    return whole;
  }
}
