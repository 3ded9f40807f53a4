package dev.modelserver.server.loading;

import dev.modelserver.server.config.BatchingConfig;
import dev.modelserver.server.config.ModelConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServingConfig;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.BatchingLimits;
import dev.modelserver.server.inference.Calibration;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.ClassLabels;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.WarmUp;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that ran once, and is described as it will be served.
 *
 * @param labels the labels of its ZipMap output; null when it has none
 * @param coldBecause why the model gave no answer to the run; empty when it did
 */
public record WarmModel(
    OnnxModel model,
    ModelDescription description,
    @Nullable Labels labels,
    Signature signature,
    Optional<String> coldBecause) {

  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** Runs the model once, on zeros. */
  public static WarmModel of(OnnxModel model, ModelConfig config) {
    Optional<String> coldBecause = WarmUp.run(model, WARM_UP);
    ModelDescription description = config.description().orElse(model.description());
    Labels labels = model.labels().orElse(null);
    Signature signature = model.signature(ClassLabels.of(description, labels));
    return new WarmModel(model, description, labels, signature, coldBecause);
  }

  /**
   * The model with the threads that answer; closing its service closes the model.
   *
   * @param scan what stands in its file
   * @param observer is told of every run
   */
  public ServedModel serve(
      ServerConfig config, Digest digest, OnnxFileScan scan, RunObserver observer) {
    ServingConfig serving = config.serving();
    BatchingConfig wanted = serving.batching();
    BatchingLimits limits =
        new BatchingLimits(wanted.maxBatchSize(), wanted.maxDelay(), wanted.maxQueueSize());
    Batching batching = Calibration.decide(model, signature, limits, scan.boundedWork());
    return new ServedModel(
        new ModelIdentity(config.model().name(), config.model().versionOr(digest), digest),
        description,
        signature,
        scan.opset(),
        labels,
        new InferenceService(
            model,
            signature,
            batching,
            serving.threads(),
            limits.queueCapacity(),
            serving.requestTimeout(),
            observer));
  }
}
