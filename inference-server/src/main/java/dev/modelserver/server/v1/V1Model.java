package dev.modelserver.server.v1;

import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.rows.InputLayout;

/** Everything about answering with one model that is decided once, when the model is loaded. */
record V1Model(InputLayout layout, ImageInput images, PredictionWriter writer, ColumnWriter columns)
    implements Translator {

  static V1Model of(ServedModel model) {
    PredictionWriter writer = PredictionWriter.of(model);
    return new V1Model(
        InputLayout.of(model.signature(), model.description().features(), model.axes()),
        ImageInput.of(model.signature(), model.description().image()),
        writer,
        new ColumnWriter(writer));
  }

  @Override
  public Translation<Answer> read(ServedModel model, Body body) throws RequestException {
    V1Request request = V1Request.read(model.signature(), layout, images, body);
    return new Translation<Answer>() {
      @Override
      public InferenceRequest request() {
        return InferenceRequest.of(request.rows().inputs());
      }

      @Override
      public Answer answer(RunOutputs outputs) throws InferenceException {
        JsonWriter answer =
            request.byColumn()
                ? columns.write(outputs)
                : writer.write(outputs, request.rows().count());
        return Answer.json(answer.toBuffer());
      }
    };
  }
}
