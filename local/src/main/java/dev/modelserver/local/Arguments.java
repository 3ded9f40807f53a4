package dev.modelserver.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param file the YAML file to try; null when only help is asked for
 * @param keep whether to go on serving after the prediction
 * @param timeout how long to wait for the ModelServer to be ready; 1 to 3600 s
 */
record Arguments(@Nullable Path file, boolean keep, Duration timeout) {
  static final String USAGE =
      """
      usage: ./run-local FILE [--keep] [--timeout SECONDS]

      Tries a ModelServer on this machine, without a cluster: runs the operator against an API server in
      memory and each pod as a local process, prints what `kubectl get modelservers` would print and one
      prediction, and stops. It is for trying and developing: no rollouts, no scaling, at most 3 pods.

        FILE               YAML with a ModelServer and perhaps ConfigMaps, for example samples/01-iris.yaml.
                           The annotation modelserver.dev/example holds the request to send, as JSON
        --keep             go on serving until Ctrl-C
        --timeout SECONDS  how long to wait until the ModelServer is ready; default 120
        --help             print this text
      """;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);
  private static final int LONGEST_TIMEOUT = 3600;

  /**
   * Reads the arguments.
   *
   * @throws RunFailure when one is unknown, missing or out of range
   */
  static Arguments parse(List<String> words) throws RunFailure {
    Path file = null;
    var keep = false;
    var timeout = DEFAULT_TIMEOUT;
    var rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      var word = rest.pop();
      switch (word) {
        case "--help", "-h" -> {
          return new Arguments(null, false, DEFAULT_TIMEOUT);
        }
        case "--keep" -> keep = true;
        case "--timeout" -> timeout = seconds(rest.isEmpty() ? "" : rest.pop());
        default -> {
          if (word.startsWith("-")) {
            throw new RunFailure("unknown option " + word + ": see ./run-local --help");
          }
          if (file != null) {
            throw new RunFailure("one file at a time: " + file + " and " + word + " were given");
          }
          file = Path.of(word);
        }
      }
    }
    if (file == null) {
      throw new RunFailure("no file given: try ./run-local samples/01-iris.yaml");
    }
    return new Arguments(file, keep, timeout);
  }

  private static Duration seconds(String text) throws RunFailure {
    try {
      var seconds = Integer.parseInt(text);
      if (seconds >= 1 && seconds <= LONGEST_TIMEOUT) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // answered below, together with numbers out of range
    }
    throw new RunFailure(
        "--timeout is \"" + text + "\": it takes a number of seconds from 1 to " + LONGEST_TIMEOUT);
  }
}
