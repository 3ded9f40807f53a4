package dev.modelserver.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A program of this machine, run to its end. */
final class Program {
  private Program() {}

  /**
   * Its standard output and error.
   *
   * @throws IllegalStateException when it exits with another status than 0
   */
  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " exited with " + status + ":\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), e);
    }
  }

  /** Like {@link #run}, but empty when there is no such program. */
  static Optional<String> runIfPresent(List<String> command) {
    try {
      return Optional.of(run(command));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
