package dev.modelserver.server.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelserver.server.graph.ComputedOutputs;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.MetadataDescription;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.onnx.ModelRunException.Kind;
import dev.modelserver.server.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model. {@link #run} may be called by any number of threads. Closing is safe at any time:
 * see {@link SessionReference}.
 */
public final class OnnxModel {

  private final SessionReference reference;
  private final LoadedSession loaded;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> optionalInputs;
  private final Map<String, ModelOutput> outputs;
  private final PinnableOutputs pinnable;
  private final AtomicBoolean succeeded;
  private final ModelDescription description;

  private OnnxModel(
      SessionReference reference,
      LoadedSession loaded,
      List<TensorSpec> inputs,
      List<TensorSpec> optionalInputs,
      Map<String, ModelOutput> outputs,
      PinnableOutputs pinnable,
      AtomicBoolean succeeded,
      ModelDescription description) {
    this.reference = reference;
    this.loaded = loaded;
    this.inputs = List.copyOf(inputs);
    this.optionalInputs = List.copyOf(optionalInputs);
    this.outputs = Collections.unmodifiableMap(outputs);
    this.pinnable = pinnable;
    this.succeeded = succeeded;
    this.description = description;
  }

  /**
   * Loads a model file. External data is read beside it: its locations must have been checked
   * before.
   */
  public static OnnxModel load(Path file) throws ModelLoadException {
    return load(file, SessionSettings.DEFAULT);
  }

  /** The same as its owner wants it to run. */
  public static OnnxModel load(Path file, SessionSettings settings) throws ModelLoadException {
    return load(file, ModelGraph.of(file), settings);
  }

  /**
   * The same for a file whose graph was read before.
   *
   * @param read empty where it could not be
   */
  public static OnnxModel load(Path file, Optional<ModelGraph> read, SessionSettings settings)
      throws ModelLoadException {
    ModelGraph graph = read.orElse(null);
    return describe(file, LoadedSession.of(file, graph, settings), graph, computedOutputs(graph));
  }

  /** The model as it is in the file, for comparison. */
  static OnnxModel loadUnchanged(Path file) throws ModelLoadException {
    ModelGraph graph = ModelGraph.of(file).orElse(null);
    return describe(file, unchanged(file, graph), graph, computedOutputs(graph));
  }

  /** The model with outputs that are taken for computed ones, to see what finds the others. */
  static OnnxModel load(Path file, Set<String> computedOutputs) throws ModelLoadException {
    ModelGraph graph = ModelGraph.of(file).orElse(null);
    return describe(file, unchanged(file, graph), graph, computedOutputs);
  }

  private static Set<String> computedOutputs(@Nullable ModelGraph graph) {
    return graph == null ? Set.of() : ComputedOutputs.of(graph);
  }

  private static LoadedSession unchanged(Path file, @Nullable ModelGraph graph)
      throws ModelLoadException {
    SessionSettings settings = SessionSettings.DEFAULT;
    return new LoadedSession(
        LoadedSession.unchanged(file, settings, Extensions.of(graph)),
        List.of(),
        List.of(),
        PortAliases.NONE,
        settings);
  }

  private static OnnxModel describe(
      Path file, LoadedSession loaded, @Nullable ModelGraph graph, Set<String> computedOutputs)
      throws ModelLoadException {
    OrtSession session = loaded.session();
    SessionReference reference = new SessionReference(session);
    DeclaredValues declared = DeclaredValues.of(graph);
    try {
      List<TensorSpec> inputs = new ArrayList<>();
      for (NodeInfo node : session.getInputInfo().values()) {
        NodeInfo named = new NodeInfo(loaded.aliases().name(node.getName()), node.getInfo());
        inputs.add(DeclaredTypes.withWidth(DeclaredTypes.input(named), graph));
      }
      Map<String, ModelOutput> outputs = new LinkedHashMap<>();
      for (NodeInfo node : session.getOutputInfo().values()) {
        NodeInfo named = new NodeInfo(loaded.aliases().name(node.getName()), node.getInfo());
        outputs.put(named.getName(), DeclaredTypes.output(named, declared, graph));
      }
      return new OnnxModel(
          reference,
          loaded,
          inputs,
          optional(declared),
          outputs,
          new PinnableOutputs(computedOutputs),
          new AtomicBoolean(),
          MetadataDescription.of(
              // ONNX Runtime's Java interface garbles characters beyond the BMP
              graph == null ? session.getMetadata().getCustomMetadata() : graph.metadata()));
    } catch (OrtException e) {
      reference.close(Duration.ZERO);
      // the Java interface has no name for these, and says no more than that
      throw e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED
          ? DeclaredTypes.unknown()
          : RuntimeMessages.loadFailure(e, file);
    } catch (ModelLoadException e) {
      reference.close(Duration.ZERO);
      throw e;
    }
  }

  private static List<TensorSpec> optional(DeclaredValues declared) {
    // looked for only where a model has such inputs
    return declared.defaults().isEmpty() || !OverridingRun.available()
        ? List.of()
        : DeclaredTypes.optional(declared);
  }

  /** What the model's own metadata says about it. */
  public ModelDescription description() {
    return description;
  }

  /** The labels of the first ZipMap output, as far as they are known. */
  public Optional<Labels> labels() {
    return outputs.values().stream().map(ModelOutput::labels).filter(Objects::nonNull).findFirst();
  }

  /** The outputs that are maps by label, with the labels that are known of them. */
  public Map<String, Labels> mapped() {
    Map<String, Labels> mapped = new HashMap<>();
    outputs.forEach(
        (name, output) -> {
          Labels labels = output.labels();
          if (labels != null) {
            mapped.put(name, labels);
          }
        });
    return mapped;
  }

  /**
   * Inputs and outputs; a ZipMap output reads as the tensor it is flattened to, as wide as its
   * labels once they are known, and a sequence as the tensor it is stacked to.
   */
  public Signature signature(List<String> classes) {
    return new Signature(
        inputs, optionalInputs, outputs.values().stream().map(ModelOutput::spec).toList(), classes);
  }

  /**
   * Runs the model and copies out the outputs that are wanted. ONNX Runtime computes the others
   * too: its Java interface has no way to keep it from that.
   *
   * @param tensors a tensor for every input, by name, and for optional inputs as the caller likes
   * @param wanted names of outputs; empty: all
   * @param control lets another thread end the run
   */
  public RunOutputs run(Map<String, Tensor> tensors, List<String> wanted, RunControl control)
      throws ModelRunException {
    RunGuard asked = guard();
    try (var _ = asked == null ? null : asked.begin(tensors)) {
      return unguarded(tensors, wanted, control);
    }
  }

  private RunOutputs unguarded(Map<String, Tensor> tensors, List<String> wanted, RunControl control)
      throws ModelRunException {
    Set<String> names = wanted.isEmpty() ? outputs.keySet() : new LinkedHashSet<>(wanted);
    OrtSession session = reference.acquire();
    long start = System.nanoTime();
    Map<String, OnnxTensor> natives = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        natives.put(aliases().alias(entry.getKey()), NativeValues.toNative(entry.getValue()));
      }
      long ready = System.nanoTime();
      try (OrtSession.Result result =
          computed(session, natives, aliases().aliases(names), control)) {
        long computed = System.nanoTime();
        Map<String, Tensor> given = new LinkedHashMap<>();
        Map<String, List<String>> parts = new HashMap<>();
        for (String name : names) {
          Map<String, Tensor> read =
              output(name).readAll(result.get(aliases().alias(name)).orElseThrow());
          given.putAll(read);
          if (!read.containsKey(name)) {
            parts.put(name, List.copyOf(read.keySet()));
          }
        }
        succeeded();
        return new RunOutputs(
            given,
            parts,
            new RunTimes(ready - start, computed - ready, System.nanoTime() - computed));
      }
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      control.end();
      natives.values().forEach(OnnxTensor::close);
      reference.release();
    }
  }

  /** Computes, once more where memory that no run holds any more was missing. */
  private OrtSession.Result computed(
      OrtSession session, Map<String, OnnxTensor> natives, Set<String> names, RunControl control)
      throws OrtException {
    try {
      return computedOnce(session, natives, names, control);
    } catch (OrtException e) {
      if (!RuntimeMessages.noMemory(e) || control.terminated()) {
        throw e;
      }
      RunMemory.releaseIdle(session, natives, names);
      control.end();
      return computedOnce(session, natives, names, control);
    }
  }

  private OrtSession.Result computedOnce(
      OrtSession session, Map<String, OnnxTensor> natives, Set<String> names, RunControl control)
      throws OrtException {
    // fewer are refused there, in words for the caller
    return natives.size() > inputs.size()
        ? OverridingRun.run(session, natives, names, control.begin(settings()))
        : session.run(natives, names, control.begin(settings()));
  }

  /** What its session was made with. */
  public SessionSettings settings() {
    return loaded.settings();
  }

  /** Has every run asked for from now on; null: runs begin at once. */
  public void guardedBy(@Nullable RunGuard asked) {
    reference.guardedBy(asked);
  }

  @Nullable RunGuard guard() {
    return reference.guard();
  }

  /**
   * Lets no new run begin and waits for those under way.
   *
   * @return whether native memory was released; if not, the last run to end releases it
   */
  public boolean close(Duration patience) {
    return reference.close(patience);
  }

  /**
   * The same model, described as it was seen to be: a size that was another than the declared one
   * varies, and a map has the labels that it had.
   */
  public OnnxModel observed(List<RunOutputs> runs) {
    Map<String, ModelOutput> seen = new LinkedHashMap<>(outputs);
    for (RunOutputs run : runs) {
      run.tensors()
          .forEach(
              (name, tensor) ->
                  seen.computeIfPresent(name, (same, output) -> output.observed(tensor.shape())));
    }
    return new OnnxModel(
        reference, loaded, inputs, optionalInputs, seen, pinnable, succeeded, description);
  }

  private PortAliases aliases() {
    return loaded.aliases();
  }

  /**
   * Whether ONNX Runtime knows its inputs or outputs under other names: it is run unpinned then.
   */
  public boolean hasAliases() {
    return !aliases().isEmpty();
  }

  /** Whether an output is a sequence of tensors, whose rows lie in each of them. */
  public boolean givesSequences() {
    return outputs.values().stream().anyMatch(ModelOutput.Stack.class::isInstance);
  }

  SessionReference reference() {
    return reference;
  }

  /** In the model's order. */
  Set<String> outputNames() {
    return outputs.keySet();
  }

  /** The outputs that the runtime writes to memory it is given, where {@link #takesMemory}. */
  PinnableOutputs pinnable() {
    return pinnable;
  }

  /** Whether the output is a tensor of the declared shape. */
  boolean takesMemory(String output) {
    return switch (outputs.get(output)) {
      case ModelOutput.Plain plain -> plain.asDeclared();
      case ModelOutput.Columns _ -> true;
      case ModelOutput.Maps _, ModelOutput.Stack _ -> false;
      case null -> false;
    };
  }

  /**
   * Whether any run has given an answer. Until one does, a run that fails is taken for a failure of
   * the model; afterwards it is one of the inputs.
   */
  public boolean everSucceeded() {
    return succeeded.get();
  }

  /** A run gave an answer, in this process or in one before it. */
  public void succeeded() {
    if (!succeeded.getPlain()) {
      succeeded.set(true);
    }
  }

  /** Divisions of integers that no guard could be added to, and that can end the process. */
  public List<String> unguardedDivisions() {
    return loaded.unguarded();
  }

  /** A run that failed, in words for the caller. */
  ModelRunException failure(OrtException e) {
    int guard = RuntimeMessages.guard(e);
    if (guard >= 0 && guard < loaded.guarded().size()) {
      return new ModelRunException(
          Kind.INPUT,
          "%s would divide the smallest integer of its type by -1, which has no result; send other values"
              .formatted(loaded.guarded().get(guard)));
    }
    Kind kind =
        RuntimeMessages.noMemory(e)
            ? Kind.MEMORY
            : everSucceeded() || !RuntimeMessages.ofNode(e) ? Kind.INPUT : Kind.MODEL;
    return new ModelRunException(kind, RuntimeMessages.of(e));
  }

  private ModelOutput output(String name) {
    return Objects.requireNonNull(outputs.get(name));
  }

  /** Copies of some outputs of a run. */
  Map<String, Tensor> read(OrtSession.Result result, Set<String> names)
      throws OrtException, ModelRunException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(name, output(name).read(result.get(aliases().alias(name)).orElseThrow()));
    }
    return tensors;
  }
}
