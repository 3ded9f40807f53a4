package dev.modelserver.server.loading;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Inputs to try a model on, the same at every start. The first size of an input, where it varies,
 * is the number of rows; other sizes that vary are as small as the model takes them.
 */
record TrialInputs(Signature signature) {

  private static final long SEED = 20_240_117;

  /** Of all inputs together. */
  private static final long MAX_ELEMENTS = 1 << 24;

  /** The sizes of numbers of a row: a model has seen rows of one of them. */
  private static final double[] SCALES = {1, 5, 0.1, 50};

  /** Whether the number of rows can be chosen. */
  boolean anyRows() {
    return signature.inputs().stream().anyMatch(TrialInputs::counts);
  }

  /** The rows of a model that takes one number of them. */
  int fixedRows() {
    return signature.inputs().stream()
        .filter(input -> input.shape().rank() > 1)
        .map(input -> Math.clamp(input.shape().dim(0), 1, 1 << 16))
        .findFirst()
        .orElse(1);
  }

  /** Inputs of so many rows; empty when they are too large to try. */
  Optional<Map<String, Tensor>> of(int rows) {
    Random random = new Random(SEED + rows);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long left = MAX_ELEMENTS;
    for (TensorSpec input : signature.inputs()) {
      Shape shape = input.smallest(rows);
      long elements;
      try {
        elements = shape.elements();
      } catch (ArithmeticException e) {
        return Optional.empty();
      }
      left -= elements;
      if (left < 0) {
        return Optional.empty();
      }
      tensors.put(input.name(), tensor(input, shape, rows, random));
    }
    return Optional.of(tensors);
  }

  private static boolean counts(TensorSpec input) {
    return input.shape().rank() > 0 && input.shape().dim(0) == Shape.ANY;
  }

  private static Tensor tensor(TensorSpec input, Shape shape, int rows, Random random) {
    int elements = (int) shape.elements();
    if (input.datatype() == DataType.BYTES) {
      return new StringTensor(shape, Collections.nCopies(elements, ""));
    }
    TensorBuilder builder = new TensorBuilder(input.datatype());
    int ofRow = Math.max(1, elements / Math.max(1, rows));
    for (int i = 0; i < elements; i++) {
      var _ =
          input.datatype().isFloat()
              ? builder.addDouble(random.nextDouble() * SCALES[i / ofRow % SCALES.length])
              : builder.addLong(random.nextInt(2));
    }
    return builder.build(shape);
  }
}
