package dev.modelserver.server.inference;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that compute: a fixed number of platform threads, because a native call would pin a
 * virtual thread's carrier, with a bounded queue in front.
 */
final class WorkerPool {

  private final ThreadPoolExecutor executor;

  WorkerPool(int threads, int queueCapacity) {
    this.executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueCapacity),
            Thread.ofPlatform().daemon().name("inference-", 0).factory(),
            new ThreadPoolExecutor.AbortPolicy());
  }

  /**
   * Runs the task when a thread is free; throws {@link
   * java.util.concurrent.RejectedExecutionException} at once when too many wait.
   */
  void execute(Runnable task) {
    executor.execute(task);
  }

  int threads() {
    return executor.getMaximumPoolSize();
  }

  int waiting() {
    return executor.getQueue().size();
  }

  /** Takes no new task and waits for the others to end. */
  boolean close(Duration patience) {
    executor.shutdown();
    try {
      return executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
