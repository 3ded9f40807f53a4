package dev.modelserver.server.onnx;

/**
 * Where the time of one run went, in nanoseconds.
 *
 * @param inputNanos handing the inputs over
 * @param inferNanos in ONNX Runtime
 * @param outputNanos reading the outputs
 */
public record RunTimes(long inputNanos, long inferNanos, long outputNanos) {

  public long totalNanos() {
    return inputNanos + inferNanos + outputNanos;
  }
}
