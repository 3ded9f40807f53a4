package dev.modelserver.server.onnx;

import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The outputs of a run by name, in the model's order; a map from label to number reads as the
 * tensor of its numbers.
 *
 * @param tensors not copied: they must not change any more
 * @param parts of an output that is a sequence of tensors of different shapes: the names of its
 *     tensors, {@code NAME.0}, {@code NAME.1} and so on, by the name of the output
 * @param times of the run, which may have computed other requests too
 */
public record RunOutputs(
    Map<String, Tensor> tensors, Map<String, List<String>> parts, RunTimes times) {

  public RunOutputs {
    tensors = Collections.unmodifiableMap(tensors);
    parts = Map.copyOf(parts);
  }

  /** Of a run whose outputs are one tensor each. */
  public RunOutputs(Map<String, Tensor> tensors, RunTimes times) {
    this(tensors, Map.of(), times);
  }

  /**
   * The names of the tensors that hold these outputs, in the same order.
   *
   * @param outputs names of outputs; empty: all
   */
  public Collection<String> names(List<String> outputs) {
    if (outputs.isEmpty()) {
      return tensors.keySet();
    }
    if (parts.isEmpty()) {
      return outputs;
    }
    List<String> names = new ArrayList<>();
    outputs.forEach(output -> names.addAll(parts.getOrDefault(output, List.of(output))));
    return names;
  }
}
