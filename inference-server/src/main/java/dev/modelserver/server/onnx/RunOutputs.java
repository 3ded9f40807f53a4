package dev.modelserver.server.onnx;

import dev.modelserver.server.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The outputs of a run by name, in the model's order; a map from label to number reads as the
 * tensor of its numbers.
 */
public record RunOutputs(Map<String, Tensor> tensors) {

  public RunOutputs {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }
}
