package dev.modelserver.server.predict;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.Translation;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.metrics.RowClasses;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything about answering /predict with one model that is decided once, when the model is
 * loaded.
 */
final class Predictor {

  /** Values in one answer. */
  static final long MAX_VALUES = 1_000_000;

  private final ServedModel model;
  private final InputLayout layout;
  private final @Nullable FeatureScanner scanner;
  private final ImageInput images;
  private final RowWriter rows;
  private final @Nullable QuickAnswer quick;
  private final RowClasses classes;
  private final String podName;

  /**
   * Prepares for a model.
   *
   * @param podName who answers
   */
  Predictor(ServedModel model, String podName) {
    this.model = model;
    this.podName = podName;
    ClassNames names = ClassNames.of(model.description(), model.labels());
    this.layout = InputLayout.of(model.signature(), model.description().features());
    this.scanner = FeatureScanner.of(layout);
    this.images = ImageInput.of(model.signature(), model.description().image());
    OutputRoles roles = OutputRoles.of(model.signature(), names.names().size());
    this.classes = new PredictedClasses(roles, names);
    this.rows = new RowWriter(roles, names, Integer.MAX_VALUE);
    this.quick = QuickAnswer.of(roles, names, model.identity(), podName);
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
  Features read(byte[] body, int length) throws RequestException {
    Features usual = scanner == null ? null : scanner.scan(body, length);
    return usual != null ? usual : FeatureParser.parse(layout, body, length);
  }

  RowWriter rows() {
    return rows;
  }

  ImageInput images() {
    return images;
  }

  /** A JSON body, on its way to the model and back. */
  Translation ask(Body body) throws RequestException {
    long start = System.nanoTime();
    return translate(read(body.bytes(), body.length()), start);
  }

  /**
   * Features that were read, on their way to the model and back.
   *
   * @param start when the reading began
   */
  Translation translate(Features features, long start) {
    return translate(rows, features, start);
  }

  /**
   * An image that was read, on its way to the model and back.
   *
   * @param top how many classes the answer shows
   * @param start when the reading began
   */
  Translation translate(Features image, int top, long start) {
    return translate(rows.withTop(top), image, start);
  }

  private Translation translate(RowWriter rows, Features features, long start) {
    return new Translation() {
      @Override
      public InferenceRequest request() {
        return InferenceRequest.of(features.inputs());
      }

      @Override
      public Answer answer(RunOutputs outputs) throws InferenceException {
        return Answer.json(
            Predictor.this.answer(rows, features, outputs, Clock.systemUTC().instant(), start));
      }
    };
  }

  /** The answer as JSON; refused when it would be too long. */
  Buffer answer(Features features, RunOutputs outputs, Instant now, long startNanos)
      throws InferenceException {
    return answer(rows, features, outputs, now, startNanos);
  }

  private Buffer answer(
      RowWriter rows, Features features, RunOutputs outputs, Instant now, long startNanos)
      throws InferenceException {
    long values = values(outputs, features.rows());
    if (values > MAX_VALUES) {
      throw new InferenceException(
          new InferenceFailure.InvalidInput(
              "the answer would have "
                  + values
                  + " values, at most "
                  + MAX_VALUES
                  + "; send fewer rows"));
    }
    double millis = Math.round((System.nanoTime() - startNanos) / 1e3) / 1e3;
    JsonWriter usual =
        quick == null || !rows.equals(this.rows)
            ? null
            : quick.write(outputs, features.rows(), features.batch(), now, millis);
    return usual != null
        ? usual.toBuffer()
        : Buffer.buffer(
            AnswerText.write(
                rows,
                outputs,
                features.rows(),
                features.batch(),
                now,
                millis,
                model.identity(),
                podName));
  }

  /** Values in an answer: an output that does not count rows is written once for each. */
  static long values(RunOutputs outputs, int rows) {
    long values = 0;
    for (Tensor tensor : outputs.tensors().values()) {
      Shape shape = tensor.shape();
      boolean byRow = shape.rank() > 0 && shape.dim(0) == rows;
      values += shape.elements() * (byRow ? 1 : rows);
    }
    return values;
  }
}
