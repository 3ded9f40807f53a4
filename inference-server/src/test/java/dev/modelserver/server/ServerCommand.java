package dev.modelserver.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the packaged program is started: with all its files in one folder. */
final class ServerCommand {

  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();

  private ServerCommand() {}

  /**
   * A process that is not started yet.
   *
   * @param name of the file for what it prints
   * @param variables of its environment, beside or instead of those that name its files
   */
  static ProcessBuilder of(
      Path folder, String name, Map<String, String> variables, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                // No process lives long enough to gain from the second compiler, which would take
                // half of the time of the tests.
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().put("MODELSERVER_CONFIG", folder.resolve("config.json").toString());
    builder.environment().put("MODELSERVER_PIN", folder.resolve("pin").toString());
    builder.environment().put("MODELSERVER_SOURCE_DIR", folder.resolve("source").toString());
    builder.environment().put("MODELSERVER_MODEL_DIR", folder.resolve("model").toString());
    builder
        .environment()
        .put("MODELSERVER_TERMINATION_LOG", folder.resolve("termination").toString());
    builder.environment().putAll(variables);
    return builder;
  }
}
