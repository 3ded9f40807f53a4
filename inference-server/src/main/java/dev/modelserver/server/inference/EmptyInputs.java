package dev.modelserver.server.inference;

import dev.modelserver.server.model.EmptyAxes;
import dev.modelserver.server.model.EmptyAxes.InputAxis;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of requests with empty tensors, over which some kernels end the process: no rows
 * have no answers, which need no run; what preflight ran in a process of its own is run; the rest
 * is refused.
 *
 * @param emptyOutputs the shapes of the outputs for no rows, as far as they are known
 * @param allowed what ran
 */
public record EmptyInputs(Signature signature, Map<String, Shape> emptyOutputs, EmptyAxes allowed) {

  /** What becomes of a request. */
  public sealed interface Decision {

    /** It is run. */
    record Run() implements Decision {}

    /** It is answered so. */
    record Answer(RunOutputs outputs) implements Decision {}

    /** It is refused with this sentence. */
    record Refuse(String message) implements Decision {}
  }

  private static final Decision RUN = new Decision.Run();

  public EmptyInputs {
    emptyOutputs = Map.copyOf(emptyOutputs);
  }

  /** The same with what was found to run. */
  public EmptyInputs allowing(EmptyAxes axes) {
    return new EmptyInputs(signature, emptyOutputs, axes);
  }

  /** Decides on a request that fits the signature. */
  public Decision decide(InferenceRequest request) {
    boolean empty = false;
    for (Tensor tensor : request.inputs().values()) {
      empty |=
          switch (tensor) {
            case NumericTensor numbers -> numbers.data().limit() == 0;
            case StringTensor strings -> strings.values().isEmpty();
          };
    }
    return empty ? decide(request, axes(request)) : RUN;
  }

  private Decision decide(InferenceRequest request, Set<InputAxis> axes) {
    RunOutputs outputs = axes.equals(rows()) ? outputs(request.outputs()) : null;
    if (outputs != null) {
      return new Decision.Answer(outputs);
    }
    if (allowed.allow(axes)) {
      return RUN;
    }
    InputAxis first = axes.iterator().next();
    return new Decision.Refuse(
        "the input \"%s\" is empty: its axis %d, counted from 0, has the size 0, which this model was not found to take; send at least one element along it"
            .formatted(first.input(), first.axis()));
  }

  /** The axes of size 0. */
  private Set<InputAxis> axes(InferenceRequest request) {
    Set<InputAxis> axes = new LinkedHashSet<>();
    request
        .inputs()
        .forEach(
            (name, tensor) -> {
              for (int axis = 0; axis < tensor.shape().rank(); axis++) {
                if (tensor.shape().dim(axis) == 0) {
                  axes.add(new InputAxis(name, axis));
                }
              }
            });
    return axes;
  }

  /** The axes that count rows. */
  private Set<InputAxis> rows() {
    Set<InputAxis> rows = new LinkedHashSet<>();
    for (TensorSpec input : signature.inputs()) {
      if (input.shape().rank() > 0 && input.shape().dim(0) == Shape.ANY) {
        rows.add(new InputAxis(input.name(), 0));
      }
    }
    return rows;
  }

  /** Those that are wanted; null when the shape of one is not known. */
  private @Nullable RunOutputs outputs(List<String> wanted) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec output : signature.outputs()) {
      if (wanted.isEmpty() || wanted.contains(output.name())) {
        Shape shape = emptyOutputs.get(output.name());
        if (shape == null) {
          return null;
        }
        tensors.put(
            output.name(),
            output.datatype() == DataType.BYTES
                ? new StringTensor(shape, List.of())
                : NumericTensor.allocate(output.datatype(), shape));
      }
    }
    return new RunOutputs(tensors, new RunTimes(0, 0, 0));
  }
}
