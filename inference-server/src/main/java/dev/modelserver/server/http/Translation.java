package dev.modelserver.server.http;

import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.onnx.RunOutputs;

/**
 * One request of a protocol in the terms of the data plane. Neither method may wait; both may be
 * called on any thread.
 */
public interface Translation {

  /** What to ask the model. */
  InferenceRequest request();

  /** The outputs in the protocol's words. */
  Answer answer(RunOutputs outputs) throws InferenceException;
}
