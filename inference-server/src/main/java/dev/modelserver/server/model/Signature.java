package dev.modelserver.server.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What callers rely on, in the model's order.
 *
 * @param inputs those that every request needs
 * @param optionalInputs those for which the model has a default
 * @param classes the labels it can give; empty when not known
 */
public record Signature(
    List<TensorSpec> inputs,
    List<TensorSpec> optionalInputs,
    List<TensorSpec> outputs,
    List<String> classes) {

  public Signature {
    inputs = List.copyOf(inputs);
    optionalInputs = List.copyOf(optionalInputs);
    outputs = List.copyOf(outputs);
    classes = List.copyOf(classes);
  }

  /** Of a model that needs all its inputs. */
  public Signature(List<TensorSpec> inputs, List<TensorSpec> outputs, List<String> classes) {
    this(inputs, List.of(), outputs, classes);
  }

  /** An input of this name, needed or optional. */
  public Optional<TensorSpec> input(String name) {
    return Stream.concat(inputs.stream(), optionalInputs.stream())
        .filter(input -> input.name().equals(name))
        .findFirst();
  }
}
