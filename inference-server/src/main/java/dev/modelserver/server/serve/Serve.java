package dev.modelserver.server.serve;

import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.config.ServingConfig;
import dev.modelserver.server.connection.ConnectionLimits;
import dev.modelserver.server.connection.TlsPort;
import dev.modelserver.server.preflight.Report;
import dev.modelserver.server.preflight.TerminationLog;
import dev.modelserver.server.secret.SecretException;
import dev.modelserver.server.verdict.Reason;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts the server with the settings of the configuration file and waits for its end. */
public final class Serve {

  private Serve() {}

  /** Returns the exit code. */
  public static int run(ServerEnvironment environment) throws ConfigurationException {
    ServingConfig serving = ServerConfig.read(environment).serving();
    System.getProperties().putAll(settings(environment, serving));
    if (serving.tls() != null) {
      // the certificate is read while Quarkus starts; no port may open plain before
      TlsPort.announce(environment.httpPort());
      TlsPort.announce(environment.grpcPort());
    }
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

  /** System properties, which Quarkus, Netty and Vert.x read when they start. */
  static Map<String, String> settings(ServerEnvironment environment, ServingConfig serving) {
    Map<String, String> settings = new HashMap<>();
    // images are decoded without a screen
    settings.put("java.awt.headless", "true");
    settings.put("quarkus.http.port", Integer.toString(environment.httpPort()));
    settings.put("quarkus.log.console.json.enabled", Boolean.toString(environment.jsonLog()));
    settings.put("quarkus.log.category.\"dev.modelserver\".level", serving.logLevel());
    settings.put(
        "quarkus.vertx.event-loops-pool-size",
        Integer.toString(Runtime.getRuntime().availableProcessors()));
    // a connection that waits for its answer is not idle
    settings.put(
        "quarkus.http.idle-timeout",
        serving.requestTimeout().plus(Duration.ofSeconds(60)).toSeconds() + "S");
    settings.put("quarkus.shutdown.delay", serving.drainDelay().toMillis() + "MS");
    settings.put("quarkus.shutdown.timeout", serving.requestTimeout().toMillis() + "MS");
    // gRPC's server takes its memory where everything else does
    settings.put("io.grpc.netty.useCustomAllocator", "false");
    // a target that is no URI is refused by the routes, which have an answer for it
    settings.put("vertx.disableURIValidation", "true");
    // of TLS 1.2; each costs the server more than the client
    settings.put("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    settings.put(ConnectionLimits.PROPERTY, ConnectionLimits.ENABLED);
    return settings;
  }

  /** A log that could not be set up swallows what is written to it: the last words cannot. */
  private static void fail(ServerEnvironment environment, Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    TerminationLog.write(
        environment.terminationLog(),
        cause instanceof SecretException secret
            ? Report.failed(Reason.of(secret), secret.sentence())
            : Report.failed(Reason.InternalError, "the server failed to start: " + cause));
  }
}
