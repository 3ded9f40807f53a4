package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import java.util.Optional;

/** What the trial process tells while it works, line by line: it may end at any moment. */
sealed interface TrialEvent {

  /** Begins every line; the process may print others, as the JVM does when it crashes. */
  String PREFIX = "trial: ";

  /** What the process works on. */
  enum Phase {
    LOAD,
    TRIALS,
    VERIFICATION
  }

  /**
   * Another part of the work begins.
   *
   * @param detail what is tried, for people
   */
  record Began(Phase phase, String detail) implements TrialEvent {}

  /** A run of the model begins. */
  record RunBegan(Digest run) implements TrialEvent {}

  /** The run is over. */
  record RunSurvived(Digest run) implements TrialEvent {}

  /** All is done. */
  record Done(TrialReport report) implements TrialEvent {}

  /** As one line. */
  default String line() {
    return PREFIX
        + switch (this) {
          case Began e -> e.phase + " " + e.detail.replaceAll("\\R", " ");
          case RunBegan e -> "begin " + e.run.hex();
          case RunSurvived e -> "end " + e.run.hex();
          case Done e -> "done " + e.report.json();
        };
  }

  /** Reads a line; empty for one that is none of these, also when it was cut off. */
  static Optional<TrialEvent> parse(String line) {
    if (!line.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String[] words = line.substring(PREFIX.length()).split(" ", 2);
    String rest = words.length == 2 ? words[1] : "";
    try {
      return Optional.of(
          switch (words[0]) {
            case "begin" -> new RunBegan(new Digest(rest));
            case "end" -> new RunSurvived(new Digest(rest));
            case "done" -> new Done(TrialReport.parse(rest));
            default -> new Began(Phase.valueOf(words[0]), rest);
          });
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
