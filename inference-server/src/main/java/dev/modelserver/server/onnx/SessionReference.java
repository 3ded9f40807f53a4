package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Counts who uses a session, because closing one under a run aborts the whole JVM. The session is
 * closed when it was asked for and the last user has left, never before.
 */
final class SessionReference {

  private final OrtSession session;
  private volatile @Nullable RunGuard guard;
  private int users;
  private boolean closing;
  private boolean closed;

  SessionReference(OrtSession session) {
    this.session = session;
  }

  void guardedBy(@Nullable RunGuard asked) {
    guard = asked;
  }

  /** What is asked before a run; null: nothing. */
  @Nullable RunGuard guard() {
    return guard;
  }

  /** The session, to be given back with {@link #release}. */
  synchronized OrtSession acquire() throws ModelRunException {
    if (closing) {
      throw ModelRunException.unloading();
    }
    users++;
    return session;
  }

  synchronized void release() {
    users--;
    closeWhenUnused();
    notifyAll();
  }

  /**
   * Lets nobody in any more and waits for those inside.
   *
   * @return whether the session is closed; if not, the last user to leave closes it
   */
  synchronized boolean close(Duration patience) {
    closing = true;
    closeWhenUnused();
    long end = System.nanoTime() + patience.toNanos();
    while (!closed) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private void closeWhenUnused() {
    if (closing && users == 0 && !closed) {
      closed = true;
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime did not release the session", e);
      }
    }
  }
}
