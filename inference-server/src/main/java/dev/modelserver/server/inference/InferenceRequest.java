package dev.modelserver.server.inference;

import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of the model, whatever protocol it came by.
 *
 * @param inputs tensors by the names of the model's inputs
 * @param outputs the outputs wanted, by name; empty: all of them
 * @param timeout how long the caller waits; null: as long as the server lets anybody wait, which no
 *     caller can exceed
 * @param observer is told of this request's run; null: nobody is
 * @param memory where the inputs are
 */
public record InferenceRequest(
    Map<String, Tensor> inputs,
    List<String> outputs,
    @Nullable Duration timeout,
    @Nullable RunObserver observer,
    InputMemory memory) {

  public InferenceRequest {
    outputs = List.copyOf(outputs);
  }

  /** Asks with inputs in memory of their own, and nobody to observe. */
  public InferenceRequest(
      Map<String, Tensor> inputs, List<String> outputs, @Nullable Duration timeout) {
    this(inputs, outputs, timeout, null, InputMemory.COLLECTED);
  }

  /** Asks for all outputs, with the server's time limit. */
  public static InferenceRequest of(Map<String, Tensor> inputs) {
    return new InferenceRequest(inputs, List.of(), null);
  }

  /** The same with the shorter of its own and this time limit; null changes nothing. */
  public InferenceRequest within(@Nullable Duration limit) {
    Duration own = timeout;
    return limit == null || (own != null && own.compareTo(limit) <= 0)
        ? this
        : new InferenceRequest(inputs, outputs, limit, observer, memory);
  }

  /** The same with an observer of its run. */
  public InferenceRequest observedBy(RunObserver whom) {
    return new InferenceRequest(inputs, outputs, timeout, whom, memory);
  }

  /** The same with inputs that lie there. */
  public InferenceRequest in(InputMemory place) {
    return new InferenceRequest(inputs, outputs, timeout, observer, place);
  }
}
