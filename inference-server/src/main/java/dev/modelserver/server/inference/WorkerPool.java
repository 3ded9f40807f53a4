package dev.modelserver.server.inference;

import dev.modelserver.server.onnx.RunControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compute: a fixed number of platform threads, because a native call would pin a
 * virtual thread's carrier, with a bounded queue in front. A watch answers every caller at its
 * deadline, whether its run ends or not.
 */
final class WorkerPool {

  /** How late a deadline may be noticed. */
  private static final long WATCH_NANOS = 5_000_000;

  /** An idle pool has no late requests; a run that begins wakes the watch. */
  private static final long IDLE_NANOS = 1_000_000_000;

  /**
   * How long a run may take to end when it is told to: between two nodes of the graph it does, in
   * the middle of one it cannot.
   */
  private static final Duration ENDING = Duration.ofSeconds(1);

  private final RequestQueue queue;
  private final StatisticsCounters counters;
  private final long longestNanos;
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicInteger stuck = new AtomicInteger();
  private final Thread watch;
  private volatile boolean idle;
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param runners gives each thread a runner of its own
   * @param counters are told of those who waited for too long
   * @param timeout how long anybody waits at most: a run that goes on for longer holds its thread
   *     for nobody. A caller of less patience says nothing about the thread.
   */
  WorkerPool(
      int threads,
      RequestQueue queue,
      Supplier<BatchRunner> runners,
      StatisticsCounters counters,
      Duration timeout) {
    this.queue = queue;
    this.counters = counters;
    this.longestNanos = timeout.plus(ENDING).toNanos();
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker(runners, i));
    }
    this.watch = Thread.ofPlatform().daemon().name("deadlines").start(this::watch);
  }

  /** Queues a request; false when too many wait. */
  boolean offer(Pending pending) {
    return queue.offer(pending);
  }

  /** Whether a request would most likely be refused now. */
  boolean full() {
    return queue.full();
  }

  int threads() {
    return workers.size();
  }

  int waiting() {
    return queue.size();
  }

  /** Runs that go on for longer than anybody waits, each holding a thread. */
  int stuck() {
    return stuck.get();
  }

  /** Takes no new request and waits for the others to end. */
  boolean close(Duration patience) {
    queue.close();
    long end = System.nanoTime() + patience.toNanos();
    boolean ended = true;
    try {
      for (Worker worker : workers) {
        long left = Math.max(1, (end - System.nanoTime()) / 1_000_000);
        ended &= worker.thread.join(Duration.ofMillis(left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended = false;
    }
    closed = true;
    return ended;
  }

  private void watch() {
    while (!closed) {
      idle = true;
      boolean atRest = workers.stream().allMatch(Worker::atRest);
      LockSupport.parkNanos(atRest ? IDLE_NANOS : WATCH_NANOS);
      idle = false;
      long now = System.nanoTime();
      queue.sweep(now, counters);
      workers.forEach(worker -> worker.sweep(now));
    }
  }

  private final class Worker {
    private final Thread thread;
    private final BatchRunner runner;
    private @Nullable Run current;

    Worker(Supplier<BatchRunner> runners, int index) {
      this.runner = runners.get();
      this.thread = Thread.ofPlatform().daemon().name("inference-" + index).start(this::work);
    }

    private void work() {
      try (runner) {
        for (List<Pending> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
          Run run = new Run(batch);
          begin(run);
          try {
            runner.run(batch, run.control);
          } finally {
            end(run);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void begin(Run run) {
      synchronized (this) {
        current = run;
      }
      if (idle) {
        LockSupport.unpark(watch);
      }
    }

    private synchronized boolean atRest() {
      return current == null;
    }

    private synchronized void end(Run run) {
      current = null;
      if (run.stuck) {
        stuck.decrementAndGet();
      }
    }

    /** Answers those whose time is over; ends the run once nobody waits for it. */
    void sweep(long now) {
      Run run;
      synchronized (this) {
        run = current;
      }
      if (run == null) {
        return;
      }
      boolean awaited = false;
      for (Pending pending : run.batch) {
        if (pending.expire(now)) {
          counters.failed(pending.waitedNanos(now));
        }
        awaited |= !pending.answer().isDone();
      }
      synchronized (this) {
        if (current == run) {
          if (!run.stuck && now - run.began >= longestNanos) {
            run.stuck = true;
            stuck.incrementAndGet();
          }
          if (!awaited) {
            run.control.terminate();
          }
        }
      }
    }
  }

  /** What a worker computes now. */
  private static final class Run {
    private final List<Pending> batch;
    private final RunControl control = new RunControl();
    private final long began = System.nanoTime();
    private boolean stuck;

    Run(List<Pending> batch) {
      this.batch = batch;
    }
  }
}
