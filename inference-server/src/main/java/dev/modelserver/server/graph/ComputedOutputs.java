package dev.modelserver.server.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Outputs of a model that a node computes, each for itself. ONNX Runtime hands on the others
 * instead: an input, a constant, what a branch or a loop was given, a value that has two names. It
 * does not write those to memory that a caller binds to them.
 */
public final class ComputedOutputs {

  /** Operators that hand their first input on; ONNX Runtime takes most of them out of the graph. */
  private static final Set<String> PASSING = Set.of("Identity", "Dropout");

  /** Operators without inputs to compute from, and those that may give what they were given. */
  private static final Set<String> HANDING_ON =
      Set.of("Constant", "If", "Loop", "Scan", "SequenceAt", "Optional", "OptionalGetElement");

  private ComputedOutputs() {}

  /** The names of the outputs of the main graph of which it is certain. */
  public static Set<String> of(ModelGraph model) {
    Map<String, Node> producers = model.main().producers();
    Map<String, String> outputOf = new HashMap<>();
    Set<String> shared = new HashSet<>();
    for (Value output : model.main().outputs()) {
      source(model, producers, output.name())
          .ifPresent(
              source -> {
                if (outputOf.putIfAbsent(source, output.name()) != null) {
                  shared.add(source);
                }
              });
    }
    outputOf.keySet().removeAll(shared);
    return Set.copyOf(outputOf.values());
  }

  /** The computed value that an output is; empty when none, or none for certain, is computed. */
  private static Optional<String> source(
      ModelGraph model, Map<String, Node> producers, String output) {
    String name = output;
    // The file may hold a cycle: ONNX Runtime refuses it later.
    for (int steps = 0; steps <= producers.size(); steps++) {
      Node node = producers.get(name);
      if (node == null || model.function(node).isPresent()) {
        return Optional.empty();
      }
      if (node.isMl("ZipMap") || (node.domain().isEmpty() && PASSING.contains(node.operator()))) {
        name = node.input(0);
      } else {
        boolean handsOn = node.domain().isEmpty() && HANDING_ON.contains(node.operator());
        return handsOn ? Optional.empty() : Optional.of(name);
      }
    }
    return Optional.empty();
  }
}
