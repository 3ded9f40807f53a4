package dev.modelserver.server.inference;

/** Is told of every request that was run; called on the thread that ran it, so it must be quick. */
@FunctionalInterface
public interface RunObserver {

  RunObserver NONE = (queueNanos, computeNanos, rows) -> {};

  /**
   * A request was run.
   *
   * @param queueNanos how long the request waited for its run
   * @param computeNanos how long the run took, inputs and outputs included
   * @param rows rows that were in the run, those of other requests included
   */
  void ran(long queueNanos, long computeNanos, int rows);
}
