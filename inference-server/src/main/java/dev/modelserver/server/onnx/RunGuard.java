package dev.modelserver.server.onnx;

import dev.modelserver.server.tensor.Tensor;
import java.util.Map;

/**
 * Is asked before a model runs, and may refuse the run: for values that ended a process, which no
 * error handling inside that process survives. A guard costs time with every run, so a model has
 * one only while it is tried and once the process has crashed.
 */
@FunctionalInterface
public interface RunGuard {

  /**
   * Lets a run begin; called on the thread that runs.
   *
   * @param inputs by name; of a shared run, the rows of all its requests
   * @throws RunRefusedException when the run must not begin
   */
  Permit begin(Map<String, Tensor> inputs) throws RunRefusedException;

  /** A run that may go on. */
  @FunctionalInterface
  interface Permit extends AutoCloseable {

    /** The run is over, with or without an answer, and the process is still there. */
    @Override
    void close();
  }
}
