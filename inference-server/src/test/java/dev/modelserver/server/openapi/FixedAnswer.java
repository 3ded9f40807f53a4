package dev.modelserver.server.openapi;

import dev.modelserver.server.call.Translation;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.util.Map;

/** Asks a model of one value about zero, and tells something else. */
record FixedAnswer(ServedModel model, Answer answer) implements Translation<Answer> {

  @Override
  public InferenceRequest request() {
    TensorSpec input = model.signature().inputs().getFirst();
    return InferenceRequest.of(
        Map.of(input.name(), NumericTensor.allocate(input.datatype(), Shape.of(1, 1))));
  }

  @Override
  public Answer answer(RunOutputs outputs) {
    return answer;
  }
}
