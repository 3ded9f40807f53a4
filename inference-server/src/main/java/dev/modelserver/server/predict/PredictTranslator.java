package dev.modelserver.server.predict;

import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.ServedModel;

/** {@code POST /predict} with a JSON body, for who asks without HTTP. */
public final class PredictTranslator {

  private PredictTranslator() {}

  /**
   * What the route does with such a body, for this model only.
   *
   * @param podName who answers
   */
  public static Translator of(ServedModel model, String podName) {
    Predictor predictor = new Predictor(model, podName);
    return (_, body) -> predictor.ask(body);
  }
}
