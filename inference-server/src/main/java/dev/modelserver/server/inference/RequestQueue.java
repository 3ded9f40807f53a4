package dev.modelserver.server.inference;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests that wait for a thread: bounded, and handed out in batches of those that fit together.
 */
final class RequestQueue {

  private final int capacity;
  private final int maxRows;
  private final long maxDelayNanos;
  private final Deque<Pending> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;

  /** Whether it is full, as of its last change; read without the lock. */
  private volatile boolean full;

  /**
   * Makes an empty queue.
   *
   * @param maxRows most rows in a batch; 1: each request alone
   * @param maxDelay how long a batch waits to be full, from the arrival of its first request
   */
  RequestQueue(int capacity, int maxRows, Duration maxDelay) {
    this.capacity = capacity;
    this.maxRows = maxRows;
    this.maxDelayNanos = maxDelay.toNanos();
  }

  /** Takes the request; false when the queue is full or closed. */
  boolean offer(Pending pending) {
    lock.lock();
    try {
      if (closed || waiting.size() >= capacity) {
        return false;
      }
      waiting.addLast(pending);
      count();
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for requests; those of one run, in order of arrival, or none when the queue is closed.
   */
  List<Pending> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return List.of();
        }
        changed.await();
      }
      List<Pending> batch = new ArrayList<>();
      batch.add(waiting.removeFirst());
      int rows = gather(batch, batch.getFirst().rows());
      long left = maxDelayNanos - batch.getFirst().waitedNanos(System.nanoTime());
      while (left > 0 && rows > 0 && rows < maxRows && waiting.isEmpty() && !closed) {
        if (!changed.await(left, TimeUnit.NANOSECONDS)) {
          break;
        }
        rows = gather(batch, rows);
        left = maxDelayNanos - batch.getFirst().waitedNanos(System.nanoTime());
      }
      if (!waiting.isEmpty()) {
        changed.signal();
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a request would most likely be refused now; waits for nobody. */
  boolean full() {
    return full;
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Answers those whose time is over, counts them, and lets go of everyone who was answered. */
  void sweep(long now, StatisticsCounters counters) {
    List<Pending> copy;
    lock.lock();
    try {
      if (waiting.isEmpty()) {
        return;
      }
      copy = List.copyOf(waiting);
    } finally {
      lock.unlock();
    }
    // outside the lock: an answer runs the code of a protocol
    boolean gone = false;
    for (Pending pending : copy) {
      if (pending.expire(now)) {
        counters.failed(pending.waitedNanos(now));
      }
      gone |= pending.answer().isDone();
    }
    if (gone) {
      lock.lock();
      try {
        waiting.removeIf(pending -> pending.answer().isDone());
        count();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes no more requests; those that wait are still handed out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int gather(List<Pending> batch, int rows) {
    int together = rows;
    while (!waiting.isEmpty() && waiting.getFirst().joins(batch.getFirst(), together, maxRows)) {
      Pending next = waiting.removeFirst();
      batch.add(next);
      together += next.rows();
    }
    count();
    return together;
  }

  /**
   * After every change of what waits; also of one that the taker makes before it waits for more.
   */
  private void count() {
    full = waiting.size() >= capacity;
  }
}
