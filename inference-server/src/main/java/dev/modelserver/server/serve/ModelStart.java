package dev.modelserver.server.serve;

import dev.modelserver.server.config.BatchingConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.BatchingLimits;
import dev.modelserver.server.inference.Calibration;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.ModelState;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.ModelMetrics;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.DigestMismatchException;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.ClassLabels;
import dev.modelserver.server.onnx.MapLabels;
import dev.modelserver.server.onnx.ModelLoadException;
import dev.modelserver.server.onnx.OnnxFileScan;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.WarmUp;
import dev.modelserver.server.preflight.Reason;
import dev.modelserver.server.preflight.Report;
import dev.modelserver.server.preflight.TerminationLog;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Loads the model beside the start of the HTTP server: until it is warm, the server is up and not
 * ready.
 */
@Singleton
final class ModelStart {

  private static final Logger LOG = Logger.getLogger(ModelStart.class);
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  private final ServerEnvironment environment;
  private final ServerConfig config;
  private final CurrentModel current;
  private final ModelMetrics metrics;
  private final Event<ServedModel> loaded;

  ModelStart(
      ServerEnvironment environment,
      ServerConfig config,
      CurrentModel current,
      ModelMetrics metrics,
      Event<ServedModel> loaded) {
    this.environment = environment;
    this.config = config;
    this.current = current;
    this.metrics = metrics;
    this.loaded = loaded;
  }

  void start(@Observes StartupEvent event) {
    var _ = Thread.ofPlatform().daemon().name("model-start").start(this::run);
  }

  private void run() {
    try {
      ServedModel model = load();
      loaded.fire(model);
      current.set(new ModelState.Ready(model));
      LOG.infof(
          "serving %s %s, digest %s, with %d inference threads",
          model.identity().name(),
          model.identity().version(),
          model.identity().digest().abbreviated(),
          model.service().threads());
    } catch (ModelLoadException e) {
      fail(Reason.of(e), e);
    } catch (DigestMismatchException e) {
      fail(Reason.DigestMismatch, e);
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("the start of the server failed", e);
      fail(
          Reason.InternalError,
          "the server failed to start unexpectedly ("
              + e.getClass().getSimpleName()
              + "); its log says why");
    }
  }

  private ServedModel load() throws IOException, ModelLoadException {
    ModelDirectory directory = new ModelDirectory(environment.modelDirectory());
    Digest digest = directory.verify();
    Digest expected = config.model().sha256();
    if (expected != null && !expected.equals(digest)) {
      throw new DigestMismatchException(
          "the model has the sha256 "
              + digest.hex()
              + ", but "
              + expected.hex()
              + " is asked for; correct spec.model.sha256 or the file");
    }
    OnnxFileScan scan = OnnxFileScan.of(directory.modelFile());
    OnnxModel model = OnnxModel.load(directory.modelFile());
    WarmUp.run(model, WARM_UP).ifPresent(why -> LOG.infof("no warm-up: %s", why));
    ModelDescription description = config.model().description().orElse(model.description());
    MapLabels labels = model.labels().orElse(null);
    Signature signature = model.signature(ClassLabels.of(description, labels));
    BatchingConfig wanted = config.serving().batching();
    BatchingLimits limits =
        new BatchingLimits(wanted.maxBatchSize(), wanted.maxDelay(), wanted.maxQueueSize());
    Batching batching = Calibration.decide(model, signature, limits, scan.boundedWork());
    LOG.infof("batching: %s, %s", batching.mode(), batching.reason());
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
            config.serving().threads(),
            limits.queueCapacity(),
            config.serving().requestTimeout(),
            metrics));
  }

  private void fail(Reason reason, Exception thrown) {
    fail(reason, String.valueOf(thrown.getMessage()));
  }

  private void fail(Reason reason, String message) {
    LOG.errorf("the model cannot be served: %s", message);
    current.set(new ModelState.Failed(message));
    TerminationLog.write(environment.terminationLog(), Report.failed(reason, message));
    Quarkus.asyncExit(1);
  }
}
