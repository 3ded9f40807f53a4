package dev.modelserver.server.predict;

import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.RowClasses;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.Rows;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;

/**
 * Everything about answering /predict with one model that is decided once, when the model is
 * loaded.
 */
final class Predictor {

  /** Values in one answer. */
  static final long MAX_VALUES = 1_000_000;

  private final ServedModel model;
  private final InputLayout layout;
  private final ImageInput images;
  private final RowWriter rows;
  private final AnswerWriter answers;
  private final RowClasses classes;

  /**
   * Prepares for a model.
   *
   * @param podName who answers
   */
  Predictor(ServedModel model, String podName) {
    this.model = model;
    this.layout = InputLayout.of(model.signature(), model.description().features(), model.axes());
    this.images = ImageInput.of(model.signature(), model.description().image());
    this.classes = new PredictedClasses(model.roles());
    this.rows = new RowWriter(model.roles(), model.axes());
    this.answers = new AnswerWriter(rows, model.identity(), podName);
  }

  ServedModel model() {
    return model;
  }

  /** Which class each row of a run is. */
  RowClasses classes() {
    return classes;
  }

  InputLayout layout() {
    return layout;
  }

  /** Reads the first {@code length} bytes of a JSON body. */
  Rows read(byte[] body, int length) throws RequestException {
    return PredictBody.read(layout, body, length);
  }

  RowWriter rows() {
    return rows;
  }

  ImageInput images() {
    return images;
  }

  /** A JSON body, on its way to the model and back. */
  Translation<Answer> ask(Body body) throws RequestException {
    long start = System.nanoTime();
    return translate(read(body.bytes(), body.length()), start);
  }

  /**
   * Features that were read, on their way to the model and back.
   *
   * @param start when the reading began
   */
  Translation<Answer> translate(Rows features, long start) {
    return translate(features, Integer.MAX_VALUE, start);
  }

  /**
   * The same with a number of classes.
   *
   * @param top how many classes the answer shows
   * @param start when the reading began
   */
  Translation<Answer> translate(Rows features, int top, long start) {
    return new Translation<Answer>() {
      @Override
      public InferenceRequest request() {
        return InferenceRequest.of(features.inputs());
      }

      @Override
      public Answer answer(RunOutputs outputs) throws InferenceException {
        return Answer.json(
            Predictor.this.answer(features, outputs, top, Clock.systemUTC().instant(), start));
      }
    };
  }

  /** The answer as JSON; refused when it would be too long. */
  Buffer answer(Rows features, RunOutputs outputs, int top, Instant now, long startNanos)
      throws InferenceException {
    long values = values(outputs, model.axes(), features.count());
    if (values > MAX_VALUES) {
      throw new InferenceException(
          new InferenceFailure.InvalidInput(
              "the answer would have %d values, at most %d; send fewer rows"
                  .formatted(values, MAX_VALUES)));
    }
    double millis = Math.round((System.nanoTime() - startNanos) / 1e3) / 1e3;
    return answers.write(outputs, features.count(), features.list(), top, now, millis).toBuffer();
  }

  /** Values in an answer: an output that does not count rows is written once for each. */
  static long values(RunOutputs outputs, RowAxes axes, int rows) {
    long values = 0;
    for (var output : outputs.tensors().entrySet()) {
      int axis = TensorRows.axis(axes, output.getKey(), output.getValue(), rows);
      values += TensorRows.values(output.getValue(), axis, rows);
    }
    return values;
  }
}
