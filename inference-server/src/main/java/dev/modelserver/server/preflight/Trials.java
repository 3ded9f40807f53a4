package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.TrialResults;
import dev.modelserver.server.preflight.TrialEvent.Phase;
import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tries a model in a process of its own, and in another one without the run that ended it, until
 * one comes to its end.
 */
final class Trials {

  /** Then no more new runs are tried: a model that crashes this often would hold up its start. */
  static final int MAX_CRASHES = 8;

  private static final int KILLED = 137;
  private static final int HEAP_FULL = 3;

  private final TrialProcess process;
  private final Digest model;
  private final Duration patience;
  private final Duration request;
  private final Set<Digest> crashed = new LinkedHashSet<>();
  private final Set<Digest> survived = new LinkedHashSet<>();
  private final List<String> crashes = new ArrayList<>();

  /**
   * Trials of a model.
   *
   * @param patience how long the process may tell nothing: longer than any run of it may take
   * @param request how long a golden request may take beyond that
   */
  Trials(TrialProcess process, Digest model, Duration patience, Duration request) {
    this.process = process;
    this.model = model;
    this.patience = patience;
    this.request = request;
  }

  /**
   * Runs the trials.
   *
   * @throws PreflightException when they end the process where nothing can be left out
   * @throws TrialKilledException when the container has too little memory
   */
  TrialReport run() throws PreflightException, TrialKilledException {
    while (true) {
      Attempt attempt = new Attempt();
      int code = run(attempt);
      survived.addAll(attempt.survived);
      if (attempt.report != null) {
        return attempt.report;
      }
      if ((code == KILLED && !attempt.wasStuck) || code == HEAP_FULL) {
        throw new TrialKilledException(code);
      }
      Digest run = attempt.running;
      if (attempt.wasStuck && (run == null || attempt.phase == Phase.VERIFICATION)) {
        throw stalled(attempt);
      }
      String signal = attempt.signal(code);
      if (attempt.phase == Phase.VERIFICATION && signal != null) {
        throw new PreflightException(
            Reason.VerificationFailed,
            "the golden request \"%s\" ends the process of ONNX Runtime (%s); correct its values in spec.verification.requests, or the model"
                .formatted(attempt.detail, signal));
      }
      if (signal == null || (run != null && crashes.size() > MAX_CRASHES)) {
        throw new PreflightException(
            Reason.InternalError,
            "preflight failed unexpectedly (its trial process ended with %d); its log says why"
                .formatted(code));
      }
      if (run == null) {
        throw new PreflightException(
            Reason.InvalidModel,
            "ONNX Runtime ends its process (%s) while it loads the model; export it again, with another opset or a newer exporter"
                .formatted(signal));
      }
      crashed.add(run);
      crashes.add(attempt.detail.isEmpty() ? signal : signal + " " + attempt.detail);
    }
  }

  /** Without a run to leave out, another process would come no further. */
  private PreflightException stalled(Attempt attempt) {
    String seconds = attempt.patience().toSeconds() + " s";
    return new PreflightException(
        Reason.PreflightStalled,
        switch (attempt.phase) {
          case LOAD ->
              "preflight made no progress for %s while ONNX Runtime loaded the model; raise spec.resources.limits.cpu, or export a smaller model"
                  .formatted(seconds);
          case TRIALS ->
              "preflight made no progress for %s while it tried the model (%s); raise spec.resources.limits.cpu, or export a smaller model"
                  .formatted(seconds, attempt.detail);
          case VERIFICATION ->
              "preflight made no progress for %s while it sent the golden request \"%s\"; correct its values in spec.verification.requests, or raise spec.resources.limits.cpu"
                  .formatted(seconds, attempt.detail);
        });
  }

  /** How each process ended that did, for people. */
  List<String> crashes() {
    return List.copyOf(crashes);
  }

  TrialResults results(TrialReport report) {
    return new TrialResults(report.silence() == null, survived, crashed, report.emptyAxes());
  }

  private int run(Attempt attempt) throws PreflightException {
    try {
      return process.run(
          new TrialTask(model, crashed, survived, crashes.size() >= MAX_CRASHES).lines(),
          attempt::line,
          attempt::stuck);
    } catch (IOException e) {
      throw new PreflightException(
          Reason.InternalError,
          "the process that tries the model cannot be started (%s); check the limits of the pod"
              .formatted(e.getClass().getSimpleName()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PreflightException(Reason.InternalError, "preflight was interrupted");
    }
  }

  /** What one process told. */
  private final class Attempt {

    /** What the JVM prints when a signal ends it. */
    private static final Pattern FATAL = Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x[0-9a-f]+\\).*");

    private final Set<Digest> survived = new LinkedHashSet<>();
    private Phase phase = Phase.LOAD;
    private String detail = "";
    private @Nullable Digest running;
    private @Nullable TrialReport report;
    private @Nullable String fatal;
    private boolean wasStuck;
    private long lastEvent = System.nanoTime();

    @SuppressWarnings("SystemOut") // what the process says beside its events belongs in the log
    synchronized void line(String line) {
      lastEvent = System.nanoTime();
      TrialEvent event = TrialEvent.parse(line).orElse(null);
      switch (event) {
        case TrialEvent.Began began -> {
          phase = began.phase();
          detail = began.detail();
        }
        case TrialEvent.RunBegan began -> running = began.run();
        case TrialEvent.RunSurvived ended -> {
          survived.add(ended.run());
          running = null;
        }
        case TrialEvent.Done done -> report = done.report();
        case null -> {
          Matcher matcher = FATAL.matcher(line);
          if (matcher.matches()) {
            fatal = matcher.group(1);
          } else if (!line.isBlank() && !line.startsWith("#") && fatal == null) {
            System.err.println(ForeignText.logged(line));
          }
        }
      }
    }

    synchronized boolean stuck() {
      wasStuck |= System.nanoTime() - lastEvent > patience().toNanos();
      return wasStuck;
    }

    private Duration patience() {
      return phase == Phase.VERIFICATION ? patience.plus(request) : patience;
    }

    /** The name of the signal that ended the process; null when none did. */
    synchronized @Nullable String signal(int code) {
      if (wasStuck) {
        return "a run without an end";
      }
      return fatal != null
          ? fatal
          : switch (code) {
            case 132 -> "SIGILL";
            case 134 -> "SIGABRT";
            case 135 -> "SIGBUS";
            case 136 -> "SIGFPE";
            case 139 -> "SIGSEGV";
            default -> null;
          };
    }
  }
}
