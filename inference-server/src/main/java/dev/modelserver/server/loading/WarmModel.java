package dev.modelserver.server.loading;

import dev.modelserver.server.config.BatchingConfig;
import dev.modelserver.server.config.RuntimeConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServingConfig;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.graph.OutputSource;
import dev.modelserver.server.graph.independence.RowIndependence;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.BatchingLimits;
import dev.modelserver.server.inference.Calibration;
import dev.modelserver.server.inference.EmptyInputs;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.RowEvidence;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.inference.TrialRows;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.EmptyAxes;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunGuard;
import dev.modelserver.server.onnx.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that was tried, and is described as it will be served.
 *
 * @param roles what its outputs mean
 * @param axes where its outputs have their rows
 * @param empty what becomes of requests with empty tensors
 * @param independence what the graph proves about rows; empty when it could not be read
 * @param rows those that it is tried on
 * @param coldBecause why the model gave no answer to the first run; empty when it did
 */
public record WarmModel(
    OnnxModel model,
    ModelDescription description,
    OutputRoles roles,
    RowAxes axes,
    Signature signature,
    EmptyInputs empty,
    Optional<RowIndependence> independence,
    TrialRows rows,
    Optional<String> coldBecause) {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A model that may go on for ever by the values it is given. */
  private static final Duration LOOP_PATIENCE = Duration.ofSeconds(1);

  /**
   * Loads a model file and tries it on rows of the server's own.
   *
   * @param given what its owner says of it, which goes before what its metadata say
   */
  public static WarmModel load(Path file, ModelDescription given) throws ModelLoadException {
    return load(file, given, new RuntimeConfig(1, 1, true), null);
  }

  /**
   * The same where runs may end the process.
   *
   * @param runtime how it is run, by the trials of this class too
   * @param guard is asked before each run, and stays the model's; null: none
   */
  public static WarmModel load(
      Path file, ModelDescription given, RuntimeConfig runtime, @Nullable RunGuard guard)
      throws ModelLoadException {
    Optional<ModelGraph> graph = ModelGraph.of(file);
    OnnxModel loaded =
        OnnxModel.load(
            file, graph, new SessionSettings(runtime.intraOpThreads(), runtime.memoryArena()));
    loaded.guardedBy(guard);
    ModelDescription description = given.orElse(loaded.description());
    Signature declared = loaded.signature(List.of());
    TrialRows rows = TrialRows.of(declared, graph);
    TrialRuns trials = TrialRuns.of(loaded, new TrialInputs(declared, rows), patience(graph));
    OnnxModel model = loaded.observed(trials.runs().stream().map(TrialRun::outputs).toList());
    Signature unnamed = model.signature(List.of());
    RowAxes axes = RowAxesFinder.of(unnamed, trials.runs());
    OutputRoles roles =
        new OutputRolesFinder(
                unnamed,
                graph.map(OutputSource::of).orElse(Map.of()),
                model.mapped(),
                axes,
                trials.runs(),
                description.classes())
            .find();
    Signature signature = model.signature(roles.classes().names());
    return new WarmModel(
        model,
        description,
        roles,
        axes,
        signature,
        new EmptyInputs(signature, EmptyOutputs.of(unnamed, axes, trials.runs()), EmptyAxes.NONE),
        graph.map(RowIndependence::of).map(proof -> proof.among(runtime.intraOpThreads())),
        rows,
        trials.failure());
  }

  private static Duration patience(Optional<ModelGraph> graph) {
    boolean loops =
        graph.isPresent() && graph.get().main().nodes().stream().anyMatch(node -> node.is("Loop"));
    return loops ? LOOP_PATIENCE : PATIENCE;
  }

  /** The same, which takes tensors that are empty along these axes. */
  public WarmModel allowing(EmptyAxes emptyAxes) {
    return new WarmModel(
        model,
        description,
        roles,
        axes,
        signature,
        empty.allowing(emptyAxes),
        independence,
        rows,
        coldBecause);
  }

  /**
   * The model with the threads that answer; closing its service closes the model.
   *
   * @param scan what stands in its file
   * @param observer is told of every run
   */
  public ServedModel serve(
      ServerConfig config, Digest digest, OnnxFileScan scan, RunObserver observer) {
    return serve(config, digest, scan, observer, null);
  }

  /**
   * The same where each request is to run alone.
   *
   * @param aloneBecause why; null: requests are merged where that pays
   */
  public ServedModel serve(
      ServerConfig config,
      Digest digest,
      OnnxFileScan scan,
      RunObserver observer,
      @Nullable String aloneBecause) {
    ServingConfig serving = config.serving();
    BatchingConfig wanted = serving.batching();
    BatchingLimits limits =
        new BatchingLimits(wanted.maxBatchSize(), wanted.maxDelay(), wanted.maxQueueSize());
    Batching batching =
        aloneBecause == null
            ? Calibration.decide(model, signature, independence, rows, limits, scan.boundedWork())
            : Batching.off(aloneBecause, RowEvidence.of(independence));
    return new ServedModel(
        new ModelIdentity(config.model().name(), config.model().versionOr(digest), digest),
        description,
        signature,
        roles,
        axes,
        scan.opset(),
        new InferenceService(
            model,
            signature,
            batching,
            serving.runtime().instances(),
            limits.queueCapacity(),
            serving.requestTimeout(),
            observer,
            empty));
  }
}
