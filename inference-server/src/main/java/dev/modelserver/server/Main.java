package dev.modelserver.server;

import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.AddressPolicy;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.preflight.ModelTrial;
import dev.modelserver.server.preflight.Preflight;
import dev.modelserver.server.preflight.Report;
import dev.modelserver.server.preflight.TerminationLog;
import dev.modelserver.server.preflight.TrialProcess;
import dev.modelserver.server.serve.Serve;
import dev.modelserver.server.verdict.Reason;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** {@code preflight} or {@code serve}. Preflight is plain Java: it starts no server. */
@QuarkusMain
public final class Main {

  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private Main() {}

  public static void main(String... args) {
    int code = run(args);
    System.exit(code);
  }

  @SuppressWarnings("SystemOut") // usage belongs on the terminal
  private static int run(String... args) {
    String command = args.length == 1 ? args[0] : "";
    if (command.equals(TrialProcess.COMMAND)) {
      return trial();
    }
    if (!command.equals("preflight") && !command.equals("serve")) {
      System.err.println(
          "usage: preflight (fetch, verify and try the model) or serve (answer requests)");
      return WRONG_USAGE;
    }
    if (command.equals("preflight")) {
      // before anything resolves a name: reading the environment may
      Network.cacheLookups();
      Network.allowProxyPasswords();
    }
    try {
      ServerEnvironment environment = ServerEnvironment.current();
      return command.equals("serve") ? Serve.run(environment) : preflight(environment);
    } catch (ConfigurationException e) {
      TerminationLog.write(
          ServerEnvironment.currentTerminationLog(),
          Report.failed(Reason.InvalidConfiguration, String.valueOf(e.getMessage())));
      return FAILED;
    }
  }

  private static int preflight(ServerEnvironment environment) {
    Preflight preflight =
        new Preflight(
            environment,
            new Network(AddressPolicy.publicAndPrivate(), Limits.DEFAULT),
            TrialProcess.ofThisProgram());
    preflight.reportWhenTerminated();
    TerminationLog.write(environment.terminationLog(), preflight.run());
    return preflight.exitCode();
  }

  /**
   * The part of preflight that a crash may end: told by the standard input, it tells what it does
   * on the output. It ends without exit hooks: a run that does not end must not outlive it.
   */
  @SuppressWarnings("SystemOut") // the output is read by preflight
  private static int trial() {
    try {
      ModelTrial.run(
          ServerEnvironment.current(),
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
              .lines()
              .toList(),
          System.out::println);
      System.out.flush();
      Runtime.getRuntime().halt(0);
      return 0;
    } catch (ConfigurationException e) {
      System.err.println(e.getMessage());
      return FAILED;
    }
  }
}
