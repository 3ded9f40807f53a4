package dev.modelserver.server.call;

import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.onnx.RunOutputs;

/**
 * One request of a protocol in the terms of the data plane. Neither method may wait; both may be
 * called on any thread.
 *
 * @param <A> an answer of the protocol
 */
public interface Translation<A> {

  /** What to ask the model. */
  InferenceRequest request();

  /** The outputs in the protocol's form. */
  A answer(RunOutputs outputs) throws InferenceException;
}
