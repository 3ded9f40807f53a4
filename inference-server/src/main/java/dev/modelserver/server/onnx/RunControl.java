package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import org.jspecify.annotations.Nullable;

/**
 * Lets another thread end one run. It ends between two operators: one long kernel does not notice.
 */
public final class RunControl {

  private @Nullable RunOptions options;
  private boolean terminated;

  /** Asks the run to end, now or as soon as it begins. */
  public synchronized void terminate() {
    terminated = true;
    if (options != null) {
      try {
        options.setTerminate(true);
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime does not end a run", e);
      }
    }
  }

  public synchronized boolean terminated() {
    return terminated;
  }

  synchronized RunOptions begin(SessionSettings settings) throws OrtException {
    RunOptions started = settings.runOptions();
    started.setTerminate(terminated);
    options = started;
    return started;
  }

  synchronized void end() {
    if (options != null) {
      options.close();
      options = null;
    }
  }
}
