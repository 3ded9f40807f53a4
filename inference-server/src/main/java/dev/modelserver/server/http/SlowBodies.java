package dev.modelserver.server.http;

import dev.modelserver.server.config.ServerConfig;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends requests whose body arrives too slowly: it may take as long as an answer may take, and
 * longer only while it comes at a minimum rate. Bodies that arrive in one piece are never seen
 * here.
 */
@Singleton
final class SlowBodies {

  /** What a body that takes longer must bring, on average since its first byte. */
  static final int MIN_BYTES_PER_SECOND = 16 << 10;

  private static final long SWEEP_MILLIS = 1000;

  private final Vertx vertx;
  private final Duration patience;
  private final Set<BodyReader> arriving = ConcurrentHashMap.newKeySet();

  SlowBodies(Vertx vertx, ServerConfig config) {
    this.vertx = vertx;
    this.patience = config.serving().requestTimeout();
  }

  void start(@Observes StartupEvent event) {
    var _ = vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep(System.nanoTime()));
  }

  /** From now on the body must make progress. */
  void watch(BodyReader body) {
    arriving.add(body);
  }

  /** The body is complete, or nobody waits for it any more. */
  void forget(BodyReader body) {
    arriving.remove(body);
  }

  private void sweep(long now) {
    for (BodyReader body : arriving) {
      body.endIfSlow(now, patience);
    }
  }
}
