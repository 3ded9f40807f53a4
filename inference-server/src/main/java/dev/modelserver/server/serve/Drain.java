package dev.modelserver.server.serve;

import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.inference.CurrentModel;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The way out: not ready at once, answering for the drain delay, then what is in flight, then the
 * model.
 */
@Singleton
final class Drain {

  private static final Logger LOG = Logger.getLogger(Drain.class);
  private static final Duration LAST_RUNS = Duration.ofSeconds(2);

  private final CurrentModel current;
  private final ServerConfig config;

  Drain(CurrentModel current, ServerConfig config) {
    this.current = current;
    this.config = config;
  }

  void begin(@Observes ShutdownDelayInitiatedEvent event) {
    current.drain();
    LOG.infof(
        "draining: not ready any more, answering for another %d ms",
        config.serving().drainDelay().toMillis());
  }

  void end(@Observes ShutdownEvent event) {
    current.drain();
    current
        .ready()
        .ifPresent(
            model -> {
              if (!model.service().close(LAST_RUNS)) {
                LOG.warn("a run did not end; the process ends without it");
                // exit hooks would free the runtime under that run and abort
                Runtime.getRuntime().halt(0);
              }
            });
  }
}
