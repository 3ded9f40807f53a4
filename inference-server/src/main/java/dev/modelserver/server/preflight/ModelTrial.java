package dev.modelserver.server.preflight;

import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.crash.TrialGuard;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.loading.WarmModel;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.EmptyAxes;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.preflight.TrialEvent.Phase;
import dev.modelserver.server.verdict.Reason;
import dev.modelserver.server.verification.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of preflight that runs native code on values which may end the process: it loads the
 * model as serve does, tries it on values of the server's own and on empty inputs, and sends it the
 * golden requests. It runs in a process of its own, and tells what it does before it does it.
 */
public final class ModelTrial {

  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final ServerEnvironment environment;
  private final TrialTask task;
  private final Consumer<String> out;

  private ModelTrial(ServerEnvironment environment, TrialTask task, Consumer<String> out) {
    this.environment = environment;
    this.task = task;
    this.out = out;
  }

  /**
   * Does everything once.
   *
   * @param task lines of a {@link TrialTask}
   * @param out takes lines
   */
  public static void run(ServerEnvironment environment, List<String> task, Consumer<String> out) {
    ModelTrial trial = new ModelTrial(environment, TrialTask.parse(task), out);
    TrialReport report;
    try {
      report = trial.report();
    } catch (ConfigurationException e) {
      report = TrialReport.failed(Reason.InvalidConfiguration, String.valueOf(e.getMessage()));
    } catch (ModelLoadException e) {
      report = TrialReport.failed(Reason.of(e), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      report =
          TrialReport.failed(
              Reason.DownloadFailed, Preflight.UNREADABLE.formatted(e.getClass().getSimpleName()));
    } catch (RuntimeException | Error e) {
      Preflight.log(e);
      report =
          TrialReport.failed(
              Reason.InternalError, Preflight.UNEXPECTED.formatted(e.getClass().getSimpleName()));
    }
    out.accept(new TrialEvent.Done(report).line());
  }

  private TrialReport report() throws ConfigurationException, ModelLoadException, IOException {
    ServerConfig config = ServerConfig.read(environment);
    Path file = new ModelDirectory(environment.modelDirectory()).modelFile();
    OnnxFileScan scan = OnnxFileScan.of(file);
    long start = System.nanoTime();
    began(Phase.LOAD, "");
    WarmModel warm =
        WarmModel.load(
            file,
            config.model().description(),
            config.serving().runtime(),
            guard(task.onlySurvived()));
    try {
      long trials = System.nanoTime();
      EmptyAxes emptyAxes =
          EmptyAxisTrials.run(
              warm.model(), ModelGraph.of(file), detail -> began(Phase.TRIALS, detail));
      trials = System.nanoTime() - trials;
      ServedModel served =
          warm.allowing(emptyAxes).serve(config, task.model(), scan, RunObserver.NONE);
      try {
        Duration loadTime = Duration.ofNanos(System.nanoTime() - start - trials);
        Verification verification = verify(warm, served, config);
        boolean answered = verification != null && verification.passed() > 0;
        return new TrialReport(
            Reason.ModelLoaded,
            "",
            loadTime,
            warm.signature(),
            answered ? null : warm.coldBecause().orElse(null),
            emptyAxes,
            verification);
      } finally {
        var _ = served.service().close(CLOSE);
      }
    } finally {
      var _ = warm.model().close(CLOSE);
    }
  }

  private @Nullable Verification verify(WarmModel warm, ServedModel served, ServerConfig config) {
    if (config.verification().isEmpty()) {
      return null;
    }
    // What the owner asks for is sent, whatever the trials came to.
    warm.model().guardedBy(guard(false));
    return Verification.run(
        served,
        config.verification(),
        environment.podName(),
        name -> began(Phase.VERIFICATION, name));
  }

  private TrialGuard guard(boolean onlySurvived) {
    return TrialGuard.trying(
        task.model(),
        task.crashed(),
        task.survived(),
        onlySurvived,
        new TrialGuard.Progress() {
          @Override
          public void began(Digest run) {
            out.accept(new TrialEvent.RunBegan(run).line());
          }

          @Override
          public void survived(Digest run) {
            out.accept(new TrialEvent.RunSurvived(run).line());
          }
        });
  }

  private void began(Phase phase, String detail) {
    out.accept(new TrialEvent.Began(phase, detail).line());
  }
}
