package dev.modelserver.server.onnx;

import dev.modelserver.server.tensor.Tensor;
import java.util.Collections;
import java.util.Map;

/**
 * The outputs of a run by name, in the model's order; a map from label to number reads as the
 * tensor of its numbers.
 *
 * @param tensors not copied: they must not change any more
 * @param times of the run, which may have computed other requests too
 */
public record RunOutputs(Map<String, Tensor> tensors, RunTimes times) {

  public RunOutputs {
    tensors = Collections.unmodifiableMap(tensors);
  }
}
