package dev.modelserver.server.inference;

import dev.modelserver.server.inference.InferenceFailure.DeadlineExceeded;
import dev.modelserver.server.onnx.RunOutputs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A request between its acceptance and its answer. */
final class Pending {

  private final InferenceRequest request;
  private final int rows;
  private final Duration limit;
  private final long received;
  private final long queued = System.nanoTime();
  private final CompletableFuture<RunOutputs> answer = new CompletableFuture<>();

  /**
   * Accepts a request.
   *
   * @param rows its rows; 0 when it cannot share a run
   * @param limit how long the caller waits
   * @param received from when on, in {@link System#nanoTime}
   */
  Pending(InferenceRequest request, int rows, Duration limit, long received) {
    this.request = request;
    this.rows = rows;
    this.limit = limit;
    this.received = received;
  }

  InferenceRequest request() {
    return request;
  }

  int rows() {
    return rows;
  }

  CompletableFuture<RunOutputs> answer() {
    return answer;
  }

  /** Whether the two can be one run of at most {@code maxRows} rows. */
  boolean joins(Pending other, int together, int maxRows) {
    return rows > 0
        && other.rows > 0
        && together + rows <= maxRows
        && request.outputs().equals(other.request.outputs());
  }

  long waitedNanos(long now) {
    return now - queued;
  }

  /** Answers the caller when its time is over; true when that is so, the first time. */
  boolean expire(long now) {
    return now - received >= limit.toNanos()
        && !answer.isDone()
        && answer.completeExceptionally(new InferenceException(new DeadlineExceeded(limit)));
  }

  void fail(InferenceFailure failure) {
    answer.completeExceptionally(new InferenceException(failure));
  }
}
