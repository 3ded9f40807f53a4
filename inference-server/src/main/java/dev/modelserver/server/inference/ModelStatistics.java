package dev.modelserver.server.inference;

import java.util.List;

/**
 * What the server has done since its start, as the statistics extension of the Open Inference
 * Protocol tells it.
 *
 * @param lastInferenceMillis when the last request was answered, in milliseconds since the epoch; 0
 *     when there was none
 * @param inferences rows answered with success
 * @param executions runs of the model; fewer than requests where runs are batched
 * @param success requests answered, with their time from the queue to the outputs
 * @param fail requests that failed after they were accepted
 * @param queue time spent waiting for a thread
 * @param computeInput time spent handing inputs to the runtime
 * @param computeInfer time spent in the runtime
 * @param computeOutput time spent reading outputs
 * @param batches runs by number of rows, ascending
 */
public record ModelStatistics(
    long lastInferenceMillis,
    long inferences,
    long executions,
    Total success,
    Total fail,
    Total queue,
    Total computeInput,
    Total computeInfer,
    Total computeOutput,
    List<Batch> batches) {

  /** How often, and how long together. */
  public record Total(long count, long nanos) {}

  /** The runs of one number of rows. */
  public record Batch(int rows, Total computeInfer) {}
}
