package dev.modelserver.server.call;

import dev.modelserver.server.config.ServerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Where bodies are read that would hold up an event loop: large ones, compressed ones, images,
 * large messages of gRPC. As many at a time as there are cores, so that the memory this takes does
 * not grow with the crowd, and a bounded number behind them.
 */
@Singleton
public final class LargeBodies {

  private final WorkerExecutor readers;
  private final int threads;
  private final int capacity;
  private final AtomicInteger accepted = new AtomicInteger();

  @Inject
  LargeBodies(Vertx vertx, ServerConfig config) {
    this(
        vertx,
        Runtime.getRuntime().availableProcessors(),
        config.serving().batching().maxQueueSize());
  }

  LargeBodies(Vertx vertx, int threads, int capacity) {
    this.readers = vertx.createSharedWorkerExecutor("large-bodies", threads);
    this.threads = threads;
    this.capacity = capacity;
  }

  /**
   * Runs the task once it is its turn.
   *
   * @param whenFailed is told what the task did not catch
   * @return false, and nothing will happen, when as many wait as may wait for the model
   */
  public boolean read(Runnable task, Consumer<Throwable> whenFailed) {
    if (accepted.incrementAndGet() > threads + capacity) {
      accepted.decrementAndGet();
      return false;
    }
    var _ =
        readers
            .executeBlocking(
                () -> {
                  try {
                    task.run();
                  } finally {
                    accepted.decrementAndGet();
                  }
                  return true;
                },
                false)
            .onFailure(whenFailed::accept);
    return true;
  }

  /** Bodies that wait for their turn. */
  public int waiting() {
    return Math.max(0, accepted.get() - threads);
  }
}
