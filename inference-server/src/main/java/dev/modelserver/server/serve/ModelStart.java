package dev.modelserver.server.serve;

import dev.modelserver.server.config.RuntimeConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.crash.CrashRecorder;
import dev.modelserver.server.crash.TrialGuard;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.ModelState;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.loading.WarmModel;
import dev.modelserver.server.metrics.ModelMetrics;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.DigestMismatchException;
import dev.modelserver.server.model.EmptyAxes;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.TrialResults;
import dev.modelserver.server.onnx.RunGuard;
import dev.modelserver.server.preflight.Report;
import dev.modelserver.server.preflight.TerminationLog;
import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.Reason;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Loads the model beside the start of the HTTP server: until it is warm, the server is up and not
 * ready.
 */
@Singleton
final class ModelStart {

  private static final Logger LOG = Logger.getLogger(ModelStart.class);

  private final ServerEnvironment environment;
  private final ServerConfig config;
  private final CurrentModel current;
  private final ModelMetrics metrics;
  private final Event<ServedModel> loaded;
  private final Crashes crashes;

  ModelStart(
      ServerEnvironment environment,
      ServerConfig config,
      CurrentModel current,
      ModelMetrics metrics,
      Event<ServedModel> loaded,
      Crashes crashes) {
    this.environment = environment;
    this.config = config;
    this.current = current;
    this.metrics = metrics;
    this.loaded = loaded;
    this.crashes = crashes;
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
          "serving %s %s, digest %s, with %d inferences at once of %d threads each",
          ForeignText.shown(model.identity().name(), ForeignText.LABEL),
          ForeignText.shown(model.identity().version(), ForeignText.LABEL),
          model.identity().digest().abbreviated(),
          model.service().threads(),
          model.service().settings().intraOpThreads());
      warnOfTooManyThreads();
      crashes.reportAborts();
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

  /** An operator refuses such a configuration; elsewhere it may be meant. */
  private void warnOfTooManyThreads() {
    RuntimeConfig runtime = config.serving().runtime();
    int processors = Runtime.getRuntime().availableProcessors();
    if (runtime.threads() > processors) {
      LOG.warnf(
          "server.runtime: instances %d x intraOpThreads %d are more threads than the %d CPUs that this process may use; inferences wait for each other",
          runtime.instances(), runtime.intraOpThreads(), processors);
    }
  }

  private ServedModel load() throws IOException, ModelLoadException {
    ModelDirectory directory = new ModelDirectory(environment.modelDirectory());
    Digest digest = directory.verify();
    Digest expected = config.model().sha256();
    if (expected != null && !expected.equals(digest)) {
      throw new DigestMismatchException(
          "the model's SHA-256 is %s, but spec.model.sha256 is %s; correct spec.model.sha256 or the file"
              .formatted(digest.hex(), expected.hex()));
    }
    OnnxFileScan scan = OnnxFileScan.of(directory.modelFile());
    CrashRecorder recorder = crashes.open(digest).orElse(null);
    Optional<TrialResults> trials = TrialResults.read(directory, digest);
    WarmModel warm =
        WarmModel.load(
                directory.modelFile(),
                config.model().description(),
                config.serving().runtime(),
                startGuard(trials, recorder, digest))
            .allowing(trials.map(TrialResults::emptyAxes).orElse(EmptyAxes.NONE));
    if (trials.isPresent() && trials.get().answered()) {
      // Where a crash keeps this process from trying rows, preflight's told that the model works.
      warm.model().succeeded();
    }
    warm.coldBecause().ifPresent(why -> LOG.infof("no warm-up: %s", ForeignText.logged(why)));
    warm.description()
        .ignored()
        .forEach(
            what ->
                LOG.warnf(
                    "the model's metadata are ignored in part: %s", ForeignText.logged(what)));
    ServedModel model =
        warm.serve(
            config,
            digest,
            scan,
            metrics,
            recorder == null ? null : "the process crashed before, and each run is recorded");
    warm.model().guardedBy(recorder);
    Batching batching = model.service().batching();
    LOG.infof("batching: %s, %s", batching.mode(), ForeignText.logged(batching.reason()));
    return model;
  }

  /** What is asked before the runs of the start; null: nothing. */
  private static @Nullable RunGuard startGuard(
      Optional<TrialResults> trials, @Nullable CrashRecorder recorder, Digest digest) {
    if (trials.isEmpty() || trials.get().crashed().isEmpty()) {
      return recorder;
    }
    RunGuard tried = TrialGuard.after(trials.get(), digest);
    return recorder == null
        ? tried
        : inputs -> {
          tried.begin(inputs).close();
          return recorder.begin(inputs);
        };
  }

  private void fail(Reason reason, Exception thrown) {
    fail(reason, String.valueOf(thrown.getMessage()));
  }

  private void fail(Reason reason, String message) {
    LOG.errorf("the model cannot be served: %s", ForeignText.logged(message));
    current.set(new ModelState.Failed(message));
    TerminationLog.write(environment.terminationLog(), Report.failed(reason, message));
    Quarkus.asyncExit(1);
  }
}
