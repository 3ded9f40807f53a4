package dev.modelserver.server.oip;

import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An inference request of the protocol.
 *
 * @param id echoed in the answer; null when there is none
 * @param outputs the outputs wanted, in the order of the answer; empty: all of them
 * @param binaryOutputs whether outputs that do not say otherwise are answered as binary data
 * @param timeout how long the caller waits; null when it does not say
 */
public record InferRequest(
    @Nullable String id,
    Map<String, Tensor> inputs,
    List<RequestedOutput> outputs,
    boolean binaryOutputs,
    @Nullable Duration timeout) {

  /** The request in the terms of the inference service. */
  public InferenceRequest toInferenceRequest() {
    return new InferenceRequest(
        inputs, outputs.stream().map(RequestedOutput::name).toList(), timeout);
  }
}
