package dev.modelserver.server.serve;

import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.config.ServingConfig;
import dev.modelserver.server.connection.ConnectionLimits;
import dev.modelserver.server.preflight.Reason;
import dev.modelserver.server.preflight.Report;
import dev.modelserver.server.preflight.TerminationLog;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts the server with the settings of the configuration file and waits for its end. */
public final class Serve {

  private Serve() {}

  /** Returns the exit code. */
  public static int run(ServerEnvironment environment) throws ConfigurationException {
    ServingConfig serving = ServerConfig.read(environment.configFile()).serving();
    // images are decoded without a screen
    set("java.awt.headless", true);
    set("quarkus.http.port", environment.httpPort());
    set("quarkus.log.console.json.enabled", environment.jsonLog());
    set("quarkus.log.category.\"dev.modelserver\".level", serving.logLevel());
    set("quarkus.vertx.event-loops-pool-size", Runtime.getRuntime().availableProcessors());
    // a connection that waits for its answer is not idle
    set(
        "quarkus.http.idle-timeout",
        serving.requestTimeout().plus(Duration.ofSeconds(60)).toSeconds() + "S");
    set("quarkus.shutdown.delay", serving.drainDelay().toMillis() + "MS");
    set("quarkus.shutdown.timeout", serving.requestTimeout().toMillis() + "MS");
    // gRPC's server takes its memory where everything else does
    set("io.grpc.netty.useCustomAllocator", false);
    // a target that is no URI is refused by the routes, which have an answer for it
    set("vertx.disableURIValidation", true);
    set(ConnectionLimits.PROPERTY, ConnectionLimits.ENABLED);
    ExitSignal.install();
    AtomicInteger code = new AtomicInteger();
    Quarkus.run(
        null,
        (exitCode, failure) -> {
          code.set(failure == null ? exitCode : 1);
          if (failure != null) {
            fail(environment, failure);
          }
        });
    return code.get();
  }

  /** A log that could not be set up swallows what is written to it: the last words cannot. */
  private static void fail(ServerEnvironment environment, Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    TerminationLog.write(
        environment.terminationLog(),
        Report.failed(Reason.InternalError, "the server failed to start: " + cause));
  }

  private static void set(String name, Object value) {
    System.setProperty(name, value.toString());
  }
}
