package dev.modelserver.server.http;

import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.ServedModel;

/** A protocol: reads a request as a question to the model. May be called on any thread. */
@FunctionalInterface
public interface Translator {

  /**
   * Reads one request.
   *
   * @param body stays readable until the answer is written
   */
  Translation<Answer> read(ServedModel model, Body body)
      throws RequestException, InferenceException;
}
