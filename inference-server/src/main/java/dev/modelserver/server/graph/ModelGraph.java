package dev.modelserver.server.graph;

import dev.modelserver.server.model.ModelLoadException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The computation in a model file: all nodes with their attributes, and those constants that are
 * small. Weights are known by type and shape alone. Read it only after {@link OnnxFileScan} has
 * found the file within its limits.
 *
 * @param ir version of the file format
 * @param opsets version of each set of operators by its domain; the default domain is ""
 * @param main the graph that is run
 * @param functions by {@link #key}
 * @param metadata what the model's makers say about it, by key
 */
public record ModelGraph(
    long ir,
    Map<String, Long> opsets,
    Graph main,
    Map<String, Function> functions,
    Map<String, String> metadata) {

  public ModelGraph {
    opsets = Map.copyOf(opsets);
    functions = Map.copyOf(functions);
    metadata = Map.copyOf(metadata);
  }

  /**
   * A function of the model: nodes that stand for one node that calls it.
   *
   * @param defaults values of its attributes that a call may leave out
   * @param opsets versions of the sets of operators inside it
   */
  public record Function(
      List<String> inputs,
      List<String> outputs,
      List<Node> nodes,
      Map<String, Attribute> defaults,
      Map<String, Long> opsets,
      Place place) {

    public Function {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      nodes = List.copyOf(nodes);
      defaults = Map.copyOf(defaults);
      opsets = Map.copyOf(opsets);
    }
  }

  /**
   * Reads a file; empty for one that cannot be read this way: ONNX Runtime has the better message.
   */
  public static Optional<ModelGraph> of(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return Optional.of(new GraphReader(new ProtobufFields(in)).model());
    } catch (IOException | ModelLoadException e) {
      return Optional.empty();
    }
  }

  /** Whether the file gives an input or output of the model no number of axes. */
  public boolean hasNoShape(String name) {
    return Graph.named(main.inputs(), name)
        .or(() -> Graph.named(main.outputs(), name))
        .filter(value -> value.type() instanceof ValueType.Tensor tensor && tensor.dims() == null)
        .isPresent();
  }

  /** The function that a node calls; empty when it is an operator. */
  public Optional<Function> function(Node node) {
    return Optional.ofNullable(functions.get(key(node.domain(), node.operator(), node.overload())));
  }

  /** The name of a function among all functions. */
  static String key(String domain, String operator, String overload) {
    return domain + "\n" + operator + "\n" + overload;
  }
}
