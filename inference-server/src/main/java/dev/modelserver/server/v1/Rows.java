package dev.modelserver.server.v1;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.Translation;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.predict.InputLayout;

/** Everything about answering with one model that is decided once, when the model is loaded. */
record Rows(InputLayout layout, PredictionWriter writer) implements Translator {

  static Rows of(ServedModel model) {
    return new Rows(
        InputLayout.of(model.signature(), model.description().features()),
        PredictionWriter.of(model));
  }

  @Override
  public Translation read(ServedModel model, Body body) throws RequestException {
    Instances instances =
        InstanceParser.parse(model.signature(), layout, body.bytes(), body.length());
    return new Translation() {
      @Override
      public InferenceRequest request() {
        return InferenceRequest.of(instances.inputs());
      }

      @Override
      public Answer answer(RunOutputs outputs) throws InferenceException {
        return Answer.json(writer.write(outputs, instances.count()).toBuffer());
      }
    };
  }
}
