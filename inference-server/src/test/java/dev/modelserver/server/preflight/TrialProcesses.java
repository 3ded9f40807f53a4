package dev.modelserver.server.preflight;

import dev.modelserver.server.Main;
import dev.modelserver.server.config.ServerEnvironment;
import java.nio.file.Path;
import java.util.Map;

/** Where the tests try a model. */
final class TrialProcesses {

  private TrialProcesses() {}

  /** In the process of the tests: for models that end none. */
  static TrialProcess inThisOne(ServerEnvironment environment) {
    return (task, out, stuck) -> {
      ModelTrial.run(environment, task, out);
      return 0;
    };
  }

  /** In one of its own, from the classes under test. */
  static TrialProcess ofItsOwn(ServerEnvironment environment) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ErrorFile=/dev/null",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(),
            TrialProcess.COMMAND);
    builder
        .environment()
        .putAll(
            Map.of(
                "MODELSERVER_CONFIG", environment.configFile().toString(),
                "MODELSERVER_MODEL_DIR", environment.modelDirectory().toString()));
    return (task, out, stuck) -> TrialProcess.run(builder, task, out, stuck);
  }
}
