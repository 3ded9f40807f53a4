package dev.modelserver.server.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.TensorInfo;
import dev.modelserver.server.model.MetadataDescription;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model. {@link #run} may be called by any number of threads. Closing is safe at any time:
 * see {@link SessionReference}.
 */
public final class OnnxModel {

  private final SessionReference reference;
  private final List<NodeInfo> outputs;
  private final Set<String> outputNames = new LinkedHashSet<>();
  private final List<TensorSpec> inputs;
  private final ModelDescription description;
  private volatile @Nullable MapLabels labels;

  private OnnxModel(
      SessionReference reference,
      List<TensorSpec> inputs,
      List<NodeInfo> outputs,
      ModelDescription description) {
    this.reference = reference;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    outputs.forEach(output -> outputNames.add(output.getName()));
    this.description = description;
  }

  /**
   * Loads a model file. External data is read beside it: its locations must have been checked
   * before.
   */
  public static OnnxModel load(Path file) throws ModelLoadException {
    OrtSession session;
    try (var options = OnnxRuntime.sessionOptions()) {
      session = OnnxRuntime.environment().createSession(file.toString(), options);
    } catch (OrtException e) {
      throw RuntimeMessages.loadFailure(e);
    }
    SessionReference reference = new SessionReference(session);
    try {
      List<TensorSpec> inputs = new ArrayList<>();
      for (NodeInfo node : session.getInputInfo().values()) {
        inputs.add(DeclaredTypes.input(node));
      }
      List<NodeInfo> outputs = List.copyOf(session.getOutputInfo().values());
      for (NodeInfo node : outputs) {
        var _ = DeclaredTypes.output(node, Shape.ANY);
      }
      return new OnnxModel(
          reference,
          inputs,
          outputs,
          MetadataDescription.of(session.getMetadata().getCustomMetadata()));
    } catch (OrtException e) {
      reference.close(Duration.ZERO);
      throw RuntimeMessages.loadFailure(e);
    } catch (ModelLoadException e) {
      reference.close(Duration.ZERO);
      throw e;
    }
  }

  /** What the model's own metadata says about it. */
  public ModelDescription description() {
    return description;
  }

  /** The labels of a ZipMap output, known after the first run. */
  public Optional<MapLabels> labels() {
    return Optional.ofNullable(labels);
  }

  /**
   * Inputs and outputs; a ZipMap output reads as the tensor it is flattened to, as wide as its
   * labels once they are known.
   */
  public Signature signature(List<String> classes) {
    MapLabels known = labels;
    List<TensorSpec> specs = new ArrayList<>();
    for (NodeInfo node : outputs) {
      try {
        specs.add(DeclaredTypes.output(node, known == null ? Shape.ANY : known.keys().size()));
      } catch (ModelLoadException e) {
        throw new IllegalStateException("checked when the model was loaded", e);
      }
    }
    return new Signature(inputs, specs, classes);
  }

  /**
   * Computes the outputs that are wanted.
   *
   * @param tensors a tensor for every input, by name
   * @param wanted names of outputs; empty: all
   * @param control lets another thread end the run
   */
  public RunOutputs run(Map<String, Tensor> tensors, List<String> wanted, RunControl control)
      throws ModelRunException {
    Set<String> names = wanted.isEmpty() ? outputNames : new LinkedHashSet<>(wanted);
    OrtSession session = reference.acquire();
    long start = System.nanoTime();
    Map<String, OnnxTensor> natives = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        natives.put(entry.getKey(), NativeValues.toNative(entry.getValue()));
      }
      RunOptions options = control.begin();
      long ready = System.nanoTime();
      try (OrtSession.Result result = session.run(natives, names, options)) {
        long computed = System.nanoTime();
        Map<String, Tensor> outputs = read(result, names);
        return new RunOutputs(
            outputs, new RunTimes(ready - start, computed - ready, System.nanoTime() - computed));
      }
    } catch (OrtException e) {
      throw failure(e);
    } catch (ModelLoadException e) {
      throw new ModelRunException(String.valueOf(e.getMessage()), false);
    } finally {
      control.end();
      natives.values().forEach(OnnxTensor::close);
      reference.release();
    }
  }

  /**
   * Lets no new run begin and waits for those under way.
   *
   * @return whether native memory was released; if not, the last run to end releases it
   */
  public boolean close(Duration patience) {
    return reference.close(patience);
  }

  SessionReference reference() {
    return reference;
  }

  /** In the model's order. */
  Set<String> outputNames() {
    return outputNames;
  }

  /** Whether the runtime gives the output as one tensor. */
  boolean isTensor(String output) {
    return outputs.stream()
        .anyMatch(node -> node.getName().equals(output) && node.getInfo() instanceof TensorInfo);
  }

  /** A run that failed, in words for the caller. */
  ModelRunException failure(OrtException e) {
    boolean refused =
        switch (e.getCode()) {
          case ORT_INVALID_ARGUMENT -> true;
          case ORT_FAIL, ORT_RUNTIME_EXCEPTION -> freeSizes();
          default -> false;
        };
    return new ModelRunException(RuntimeMessages.of(e), refused);
  }

  /**
   * Whether callers choose more than the number of rows: then a kernel that fails most likely got
   * sizes that do not fit each other.
   */
  private boolean freeSizes() {
    return inputs.stream()
        .anyMatch(input -> input.shape().dims().stream().skip(1).anyMatch(dim -> dim < 0));
  }

  /** Copies of some outputs of a run. */
  Map<String, Tensor> read(OrtSession.Result result, Set<String> names)
      throws OrtException, ModelLoadException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(
          name,
          switch (result.get(name).orElseThrow()) {
            case OnnxTensor tensor -> NativeValues.fromNative(name, tensor);
            case OnnxSequence sequence -> flatten(NativeValues.maps(sequence));
            default -> throw new IllegalStateException("checked when the model was loaded");
          });
    }
    return tensors;
  }

  private Tensor flatten(List<Map<?, ?>> rows) {
    MapLabels known = labels;
    Tensor tensor = known == null ? null : NativeValues.fromMaps(rows, known);
    if (tensor != null) {
      return tensor;
    }
    MapLabels found = MapLabels.of(rows.isEmpty() ? Map.of() : rows.getFirst());
    labels = found;
    Tensor first = NativeValues.fromMaps(rows, found);
    if (first == null) {
      throw new IllegalStateException("the rows of a ZipMap output have different labels");
    }
    return first;
  }
}
