package dev.modelserver.server.onnx;

import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ValueType;
import dev.modelserver.server.graph.ZipMap;
import dev.modelserver.server.model.Labels;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the file says of a model's inputs and outputs and ONNX Runtime's Java interface does not.
 *
 * @param labels of the outputs that a ZipMap gives, in the order of its numbers
 * @param sequences the tensors inside the outputs that are sequences of tensors
 * @param defaults inputs that have a default and may be sent all the same, in the file's order
 */
record DeclaredValues(
    Map<String, Labels> labels,
    Map<String, ValueType.Tensor> sequences,
    Map<String, ValueType.Tensor> defaults) {

  /** Before this version every weight had to be an input too, and none can be sent. */
  private static final int OVERRIDABLE_IR = 4;

  /** Of a graph; null when the file could not be read. */
  static DeclaredValues of(@Nullable ModelGraph model) {
    Map<String, Labels> labels = new HashMap<>();
    Map<String, ValueType.Tensor> sequences = new HashMap<>();
    Map<String, ValueType.Tensor> defaults = new LinkedHashMap<>();
    if (model != null) {
      ZipMap.of(model).forEach(zipMap -> labels.put(zipMap.output(), zipMap.labels()));
      for (Value output : model.main().outputs()) {
        if (output.type() instanceof ValueType.Sequence(ValueType.Tensor tensor)) {
          sequences.put(output.name(), tensor);
        }
      }
      for (Value input : model.main().inputs()) {
        if (model.ir() >= OVERRIDABLE_IR
            && model.main().initializers().containsKey(input.name())
            && input.type() instanceof ValueType.Tensor tensor) {
          defaults.put(input.name(), tensor);
        }
      }
    }
    return new DeclaredValues(labels, sequences, defaults);
  }
}
