package dev.modelserver.server.preflight;

import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ValueType;
import dev.modelserver.server.model.EmptyAxes;
import dev.modelserver.server.model.EmptyAxes.InputAxis;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs a model with empty inputs, which some models take by design, such as a decoder whose first
 * step has no past, and over which others end the process. Axes that have one name in the file are
 * empty together; then each pair of such groups is, while there are few.
 */
final class EmptyAxisTrials {

  private static final int MAX_GROUPS = 32;
  private static final int MAX_PAIRED = 6;
  private static final long MAX_ELEMENTS = 1 << 22;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final OnnxModel model;
  private final List<TensorSpec> inputs;
  private final Consumer<String> progress;

  private EmptyAxisTrials(OnnxModel model, Consumer<String> progress) {
    this.model = model;
    this.inputs = model.signature(List.of()).inputs();
    this.progress = progress;
  }

  /**
   * Tries every axis whose size varies.
   *
   * @param progress receives what is tried next
   */
  static EmptyAxes run(OnnxModel model, Optional<ModelGraph> graph, Consumer<String> progress) {
    return new EmptyAxisTrials(model, progress)
        .run(graph.map(EmptyAxisTrials::symbols).orElse(Map.of()));
  }

  private EmptyAxes run(Map<InputAxis, String> symbols) {
    RunControl control = new RunControl();
    var timer =
        CompletableFuture.runAsync(
            control::terminate,
            CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    try {
      Set<Set<InputAxis>> ran = new HashSet<>();
      for (Set<InputAxis> axes : combinations(groups(symbols))) {
        if (control.terminated()) {
          break;
        }
        if (runs(axes, control)) {
          ran.add(axes);
        }
      }
      return new EmptyAxes(ran);
    } finally {
      timer.cancel(false);
    }
  }

  /** The axes whose sizes vary; those with one name, which have one size, are one group. */
  private List<Set<InputAxis>> groups(Map<InputAxis, String> symbols) {
    Map<String, Set<InputAxis>> groups = new LinkedHashMap<>();
    for (TensorSpec input : inputs) {
      for (int axis = 0; axis < input.shape().rank(); axis++) {
        if (input.shape().dim(axis) == Shape.ANY) {
          InputAxis place = new InputAxis(input.name(), axis);
          String symbol = symbols.getOrDefault(place, "");
          // No name of a size has a line break in front of an axis' own.
          String key = symbol.isEmpty() ? "\n" + axis + input.name() : symbol;
          groups.computeIfAbsent(key, name -> new LinkedHashSet<>()).add(place);
        }
      }
    }
    return groups.values().stream().limit(MAX_GROUPS).toList();
  }

  private static Set<Set<InputAxis>> combinations(List<Set<InputAxis>> groups) {
    Set<Set<InputAxis>> combinations = new LinkedHashSet<>(groups);
    // Batches of inputs whose axes have no names.
    Set<InputAxis> first =
        groups.stream()
            .flatMap(Set::stream)
            .filter(axis -> axis.axis() == 0)
            .collect(Collectors.toSet());
    if (!first.isEmpty()) {
      combinations.add(first);
    }
    for (int i = 0; i < groups.size() && groups.size() <= MAX_PAIRED; i++) {
      for (Set<InputAxis> other : groups.subList(i + 1, groups.size())) {
        Set<InputAxis> both = new HashSet<>(groups.get(i));
        both.addAll(other);
        combinations.add(both);
      }
    }
    return combinations;
  }

  private boolean runs(Set<InputAxis> empty, RunControl control) {
    progress.accept(
        "with no elements along "
            + empty.stream()
                .map(axis -> "axis %d of %s".formatted(axis.axis(), axis.input()))
                .sorted()
                .limit(4)
                .collect(Collectors.joining(", ")));
    try {
      Optional<Map<String, Tensor>> tensors = tensors(empty);
      if (tensors.isEmpty()) {
        return false;
      }
      var _ = model.run(tensors.get(), List.of(), control);
      return true;
    } catch (ModelRunException e) {
      return false;
    }
  }

  /** Zeros; other sizes that vary are as small as the input takes them. */
  private Optional<Map<String, Tensor>> tensors(Set<InputAxis> empty) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec input : inputs) {
      List<Long> dims = new ArrayList<>(input.smallest(1).dims());
      for (int axis = 0; axis < dims.size(); axis++) {
        if (empty.contains(new InputAxis(input.name(), axis))) {
          dims.set(axis, 0L);
        }
      }
      Shape shape = new Shape(dims);
      long elements;
      try {
        elements = shape.elements();
      } catch (ArithmeticException e) {
        return Optional.empty();
      }
      if (elements > MAX_ELEMENTS) {
        return Optional.empty();
      }
      tensors.put(
          input.name(),
          input.datatype() == DataType.BYTES
              ? new StringTensor(shape, Collections.nCopies((int) elements, ""))
              : NumericTensor.allocate(input.datatype(), shape));
    }
    return Optional.of(tensors);
  }

  private static Map<InputAxis, String> symbols(ModelGraph graph) {
    Map<InputAxis, String> symbols = new HashMap<>();
    for (Value input : graph.main().inputs()) {
      if (input.type() instanceof ValueType.Tensor tensor) {
        for (int axis = 0; axis < tensor.symbols().size(); axis++) {
          symbols.put(new InputAxis(input.name(), axis), tensor.symbols().get(axis));
        }
      }
    }
    return symbols;
  }
}
