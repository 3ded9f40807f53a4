package dev.modelserver.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be stopped in the opposite order, once, whoever asks first. */
final class Parts implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;

  /** Adds a part; stops it at once when everything else is stopped already. */
  synchronized <T extends AutoCloseable> T add(T part) {
    if (closed) {
      stop(part);
    } else {
      started.push(part);
    }
    return part;
  }

  /** Stops all parts; returns when that is done. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!started.isEmpty()) {
      stop(started.pop());
    }
  }

  private static void stop(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      // The next part must still be stopped.
    }
  }
}
