package dev.modelserver.server.openinference;

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
record InferRequest(
    @Nullable String id,
    Map<String, Tensor> inputs,
    List<WantedOutput> outputs,
    boolean binaryOutputs,
    @Nullable Duration timeout) {

  /** Tensors in a request, either way: more than any model has. */
  static final int MAX_TENSORS = 1024;

  /** The question in the terms of the inference service. */
  InferenceRequest question() {
    return new InferenceRequest(inputs, outputs.stream().map(WantedOutput::name).toList(), timeout);
  }
}
