package dev.modelserver.local.node;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One run of a container as a local process. */
final class ContainerProcess {
  /** The kubelet keeps this many bytes of a termination message: the last ones. */
  private static final int MESSAGE_BYTES = 4096;

  private final Process process;
  private final Path terminationLog;

  private ContainerProcess(Process process, Path terminationLog) {
    this.process = process;
    this.terminationLog = terminationLog;
  }

  /**
   * Starts a process whose output is appended to a log file.
   *
   * @throws IOException when the program cannot be started
   */
  static ContainerProcess start(
      List<String> command, Map<String, String> environment, Path terminationLog, Path log)
      throws IOException {
    Files.deleteIfExists(terminationLog);
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    ChildEnvironment.clean(builder.environment());
    builder.environment().putAll(environment);
    return new ContainerProcess(builder.start(), terminationLog);
  }

  /** Waits for the end; returns the exit code. */
  int await() throws InterruptedException {
    return process.waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What the process left in its termination log, at most the last 4,096 bytes; may be empty. */
  String terminationMessage() throws IOException {
    if (!Files.exists(terminationLog)) {
      return "";
    }
    var bytes = Files.readAllBytes(terminationLog);
    var from = Math.max(0, bytes.length - MESSAGE_BYTES);
    return new String(Arrays.copyOfRange(bytes, from, bytes.length), StandardCharsets.UTF_8);
  }

  /** Kills the process at once: nobody else talks to it, so there is nothing to drain. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
