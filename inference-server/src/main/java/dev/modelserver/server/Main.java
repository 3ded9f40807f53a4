package dev.modelserver.server;

import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.preflight.AddressPolicy;
import dev.modelserver.server.preflight.Download;
import dev.modelserver.server.preflight.Preflight;
import dev.modelserver.server.preflight.Reason;
import dev.modelserver.server.preflight.Report;
import dev.modelserver.server.preflight.TerminationLog;
import dev.modelserver.server.serve.Serve;
import io.quarkus.runtime.annotations.QuarkusMain;

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
    if (!command.equals("preflight") && !command.equals("serve")) {
      System.err.println(
          "usage: preflight (fetch, verify and try the model) or serve (answer requests)");
      return WRONG_USAGE;
    }
    if (command.equals("preflight")) {
      // before anything resolves a name: reading the environment may
      Download.cacheLookups();
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
    Report report =
        new Preflight(
                environment,
                new Download(AddressPolicy.publicAndPrivate(), Download.Limits.DEFAULT))
            .run();
    TerminationLog.write(environment.terminationLog(), report);
    return report.succeeded() ? 0 : FAILED;
  }
}
