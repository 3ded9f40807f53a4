package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.http.Translation;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.onnx.RunOutputs;
import java.util.List;

/**
 * {@code POST /v2/models/M/infer}: the body as a question, the outputs as an answer.
 *
 * @param path the model that the request names
 * @param jsonLength the values of the header {@link BinaryHeader}
 */
record InferTranslator(ModelPath path, List<String> jsonLength) implements Translator {

  @Override
  public Translation read(ServedModel model, Body body) throws RequestException {
    path.check(model.identity());
    int json = BinaryHeader.jsonLength(jsonLength, body.length());
    InferRequest request =
        json == 0 && body.length() > 0
            ? RawRequest.read(model.signature(), body.from(0))
            : RequestReader.read(
                body.head(json),
                json,
                body.from(json),
                ElementLimits.of(model.signature(), body::reserve));
    return new Translation() {
      @Override
      public InferenceRequest request() {
        return request.question();
      }

      @Override
      public Answer answer(RunOutputs outputs) throws InferenceException {
        return InferAnswer.of(model.identity(), request, outputs);
      }
    };
  }
}
