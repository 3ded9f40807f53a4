package dev.modelserver.server.openinference;

import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
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
  public Translation<Answer> read(ServedModel model, Body body)
      throws RequestException, InferenceException {
    path.check(model.identity());
    int json = BinaryHeader.jsonLength(jsonLength, body.length());
    InferRequestReader reader =
        new InferRequestReader(model.service().inputCheck()::check, body::reserve);
    InferRequest request =
        json == 0 && body.length() > 0
            ? RawRequest.read(model.signature(), body.from(0), reader)
            : JsonRequest.read(body.head(json), json, body.from(json), reader);
    return new Translation<Answer>() {
      @Override
      public InferenceRequest request() {
        return request.toInferenceRequest();
      }

      @Override
      public Answer answer(RunOutputs outputs) throws InferenceException {
        return InferAnswer.of(model.identity(), request, outputs);
      }
    };
  }
}
