package dev.modelserver.server.onnx;

import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Several tensors as one. */
final class TensorStack {

  private TensorStack() {}

  /**
   * Stacks tensors along a new first axis; none at all are a tensor of no elements. Empty where
   * their shapes differ: no tensor holds them.
   *
   * @param spec of the output they come from
   */
  static Optional<Tensor> of(TensorSpec spec, List<Tensor> parts) {
    if (parts.isEmpty()) {
      Shape empty = Shape.of(0);
      return Optional.of(
          spec.datatype() == DataType.BYTES
              ? new StringTensor(empty, List.of())
              : NumericTensor.allocate(spec.datatype(), empty));
    }
    Tensor first = parts.getFirst();
    if (parts.stream()
        .anyMatch(part -> !part.shape().equals(first.shape()) || part.type() != first.type())) {
      return Optional.empty();
    }
    List<Long> dims = new ArrayList<>(List.of((long) parts.size()));
    dims.addAll(first.shape().dims());
    Shape shape = new Shape(dims);
    if (first.type() == DataType.BYTES) {
      List<String> values = new ArrayList<>();
      parts.forEach(part -> values.addAll(((StringTensor) part).values()));
      return Optional.of(new StringTensor(shape, values));
    }
    NumericTensor whole = NumericTensor.allocate(first.type(), shape);
    parts.forEach(part -> whole.data().put(((NumericTensor) part).data().duplicate()));
    whole.data().rewind();
    return Optional.of(whole);
  }
}
