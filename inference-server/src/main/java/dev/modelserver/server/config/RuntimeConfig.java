package dev.modelserver.server.config;

/**
 * How ONNX Runtime runs the model.
 *
 * @param instances runs of the model at the same time
 * @param intraOpThreads threads that work within one run
 * @param memoryArena whether memory of a run is kept for later runs
 */
public record RuntimeConfig(int instances, int intraOpThreads, boolean memoryArena) {

  /** Threads that compute when every instance is busy. */
  public int threads() {
    return instances * intraOpThreads;
  }
}
