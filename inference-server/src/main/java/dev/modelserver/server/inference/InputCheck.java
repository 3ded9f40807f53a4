package dev.modelserver.server.inference;

import dev.modelserver.server.inference.InferenceFailure.InvalidInput;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.text.ForeignText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds requests against the signature of the model: names, types, shapes. */
public final class InputCheck {

  private static final int MAX_SHOWN = 60;

  private final List<TensorSpec> inputs;
  private final Map<String, TensorSpec> byName = new HashMap<>();
  private final Set<String> optional;
  private final Set<String> outputs = new HashSet<>();

  /** The checks of a model with this signature. */
  public InputCheck(Signature signature) {
    this.inputs = signature.inputs();
    inputs.forEach(input -> byName.put(input.name(), input));
    signature.optionalInputs().forEach(input -> byName.put(input.name(), input));
    this.optional =
        signature.optionalInputs().stream().map(TensorSpec::name).collect(Collectors.toSet());
    signature.outputs().forEach(output -> outputs.add(output.name()));
  }

  /** Refuses an input of this name, type and shape, unless the model takes it. */
  public void check(String name, DataType type, Shape shape) throws InferenceException {
    String fault = fault(name, type, shape);
    if (fault != null) {
      throw new InferenceException(new InvalidInput(fault));
    }
  }

  private @Nullable String fault(String name, DataType type, Shape shape) {
    TensorSpec spec = byName.get(name);
    if (spec == null) {
      return "%s is not an input of the model; its inputs are %s%s"
          .formatted(
              quoted(name),
              inputs.stream().map(TensorSpec::name).collect(Collectors.joining(", ")),
              optional.isEmpty() ? "" : ", and " + optional.size() + " with a default");
    }
    if (type != spec.datatype()) {
      return "the input %s has the datatype %s; the model takes %s"
          .formatted(quoted(name), type, spec.datatype());
    }
    if (!fits(spec.shape(), shape)) {
      return "the input %s has the shape %s; the model takes %s%s"
          .formatted(
              quoted(name),
              shape,
              spec.shape(),
              spec.shape().dims().contains(Shape.ANY) ? ", where ? is any size" : "");
    }
    if (isNarrow(spec, shape)) {
      return "the input %s has the shape %s; its rows must have at least %d values, which the model reads"
          .formatted(quoted(name), shape, spec.leastWidth());
    }
    return null;
  }

  /** The first thing that is wrong, in words for the caller; null when nothing is. */
  @Nullable String fault(InferenceRequest request) {
    for (Map.Entry<String, Tensor> entry : request.inputs().entrySet()) {
      Tensor tensor = entry.getValue();
      String fault = fault(entry.getKey(), tensor.type(), tensor.shape());
      if (fault != null) {
        return fault;
      }
    }
    if (!optional.isEmpty() || request.inputs().size() < inputs.size()) {
      for (TensorSpec input : inputs) {
        if (!request.inputs().containsKey(input.name())) {
          return "the input " + quoted(input.name()) + " is missing; the model needs it";
        }
      }
    }
    for (String output : request.outputs()) {
      if (!outputs.contains(output)) {
        return quoted(output)
            + " is not an output of the model; its outputs are "
            + outputs.stream().sorted().collect(Collectors.joining(", "));
      }
    }
    return null;
  }

  /** Whether a request sends an input that the model has a default for. */
  boolean overrides(InferenceRequest request) {
    return !optional.isEmpty() && request.inputs().keySet().stream().anyMatch(optional::contains);
  }

  private static boolean fits(Shape declared, Shape given) {
    // a model that declares no shape at all reads as rank 0: then only the runtime can tell
    if (declared.rank() == 0) {
      return true;
    }
    if (declared.rank() != given.rank()) {
      return false;
    }
    for (int axis = 0; axis < declared.rank(); axis++) {
      long dim = declared.dim(axis);
      if (dim >= 0 && dim != given.dim(axis)) {
        return false;
      }
    }
    return true;
  }

  /** Whether rows end before the last value that the model reads of them. */
  private static boolean isNarrow(TensorSpec spec, Shape given) {
    return spec.leastWidth() > 0
        && given.rank() > 0
        && given.dim(given.rank() - 1) < spec.leastWidth();
  }

  private static String quoted(String name) {
    return '"' + ForeignText.shown(name, MAX_SHOWN) + '"';
  }
}
