package dev.modelserver.server.model;

import java.util.List;
import java.util.Optional;

/**
 * What callers rely on: inputs and outputs in the model's order, and the labels it can give (empty
 * when not known).
 */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs, List<String> classes) {

  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    classes = List.copyOf(classes);
  }

  public Optional<TensorSpec> input(String name) {
    return inputs.stream().filter(input -> input.name().equals(name)).findFirst();
  }
}
