package dev.modelserver.local;

import dev.modelserver.local.node.ChildEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The operator as a process of its own, pointed at the API server of the local run. */
final class OperatorProcess implements AutoCloseable {
  private static final int LAST_LINES = 40;

  private final Process process;
  private final Path log;

  private OperatorProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the operator.
   *
   * @param apiServer address of the API server
   * @param directory for its log and temporary files
   */
  static OperatorProcess start(Installation installation, String apiServer, Path directory)
      throws IOException {
    Files.createDirectories(directory);
    var log = directory.resolve("operator.log");
    var builder =
        new ProcessBuilder(Installation.java(installation.operatorJar(), directory, List.of()))
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(log.toFile());
    var environment = builder.environment();
    ChildEnvironment.clean(environment);
    // It talks to this machine only.
    environment.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    environment.putAll(
        Map.of(
            "KUBERNETES_MASTER", apiServer,
            "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
            "KUBERNETES_AUTH_TRYSERVICEACCOUNT", "false",
            "KUBERNETES_NAMESPACE", "default",
            "QUARKUS_KUBERNETES_CLIENT_API_SERVER_URL", apiServer,
            "QUARKUS_HTTP_HOST", "127.0.0.1",
            "QUARKUS_HTTP_PORT", "0",
            "POD_NAMESPACE", "default",
            "MODELSERVER_LEADER_ELECTION", "false",
            "MODELSERVER_DEFAULT_IMAGE", "local"));
    return new OperatorProcess(builder.start(), log);
  }

  /** How the operator ended and the last lines that it wrote; empty while it runs. */
  String end() {
    return process.isAlive()
        ? ""
        : "the operator has ended with exit code " + process.exitValue() + ":\n" + lastLines();
  }

  private String lastLines() {
    try {
      var lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
