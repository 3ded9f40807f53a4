package dev.modelserver.server.preflight;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A process that a crash of the native library may end without harm. */
@FunctionalInterface
public interface TrialProcess {

  /** The command of the program for such a process; not meant for people. */
  String COMMAND = "preflight-trial";

  /**
   * Runs {@link ModelTrial} in a process of its own and waits for its end.
   *
   * @param task lines for its standard input
   * @param out takes the lines that it prints
   * @param stuck whether to end it, asked now and then
   * @return its exit code, above 128 when a signal ended it
   */
  int run(List<String> task, Consumer<String> out, BooleanSupplier stuck)
      throws IOException, InterruptedException;

  /**
   * This program once more: the same Java with the same options, so that it starts as fast. What
   * the JVM writes about a crash beside its lines on the output goes nowhere.
   */
  static TrialProcess ofThisProgram() {
    return (task, out, stuck) -> {
      List<String> command = ownCommand();
      command.set(command.size() - 1, COMMAND);
      int jar = command.lastIndexOf("-jar");
      command.add(jar < 0 ? 1 : jar, "-XX:ErrorFile=/dev/null");
      return run(new ProcessBuilder(command), task, out, stuck);
    };
  }

  /** How this process was started. Java's own way to ask leaves out a line of more than 4 KiB. */
  private static List<String> ownCommand() throws IOException {
    ProcessHandle.Info own = ProcessHandle.current().info();
    List<String> command = new ArrayList<>(List.of(own.command().orElseThrow()));
    Path line = Path.of("/proc/self/cmdline");
    if (Files.isReadable(line)) {
      String[] words = new String(Files.readAllBytes(line), StandardCharsets.UTF_8).split("\0");
      command.addAll(Arrays.asList(words).subList(1, words.length));
    } else {
      command.addAll(Arrays.asList(own.arguments().orElseThrow()));
    }
    return command;
  }

  /** Runs any process. */
  static int run(
      ProcessBuilder builder, List<String> task, Consumer<String> out, BooleanSupplier stuck)
      throws IOException, InterruptedException {
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread end = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(end);
    try {
      try (BufferedWriter in = process.outputWriter()) {
        for (String line : task) {
          in.write(line);
          in.newLine();
        }
      }
      var _ = Thread.ofPlatform().daemon().name("trial-watch").start(() -> watch(process, stuck));
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          out.accept(line);
        }
      }
      return process.waitFor();
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private static void watch(Process process, BooleanSupplier stuck) {
    try {
      while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
        if (stuck.getAsBoolean()) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
