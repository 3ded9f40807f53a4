package dev.modelserver.server.preflight;

import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import java.nio.file.Path;

/** A preflight as a program, which may download from the machine that it runs on. */
final class SlowPreflight {

  private SlowPreflight() {}

  /**
   * Runs it.
   *
   * @param folder with config.json, where everything else is written to
   */
  public static void main(String... folder) {
    Path root = Path.of(folder[0]);
    ServerEnvironment environment = PreflightEnvironment.of(root, root);
    Preflight preflight =
        new Preflight(
            environment,
            new Network(address -> true, Limits.DEFAULT),
            TrialProcesses.inThisOne(environment));
    preflight.reportWhenTerminated();
    TerminationLog.write(environment.terminationLog(), preflight.run());
    System.exit(preflight.exitCode());
  }
}
