package dev.modelserver.server.v1;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.predict.ClassNames;
import dev.modelserver.server.predict.OutputRoles;
import dev.modelserver.server.predict.TensorJson;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code {"predictions":[…]}}, one for each instance: for a model of one output its row, for
 * a model of several an object with the rows by the names of the outputs. A row of one value is
 * that value; a row of a ZipMap output is an object by class.
 *
 * @param zipMap the name of the ZipMap output; null when there is none
 */
record PredictionWriter(@Nullable String zipMap, ClassNames classes) {

  /** Values in one answer. */
  static final long MAX_VALUES = 1_000_000;

  static PredictionWriter of(ServedModel model) {
    ClassNames classes = ClassNames.of(model.description(), model.labels());
    String zipMap =
        model.labels() == null
            ? null
            : OutputRoles.of(model.signature(), classes.names().size()).scores();
    return new PredictionWriter(zipMap, classes);
  }

  byte[] write(RunOutputs outputs, int count) throws InferenceException {
    Map<String, Tensor> tensors = outputs.tensors();
    long values = tensors.values().stream().mapToLong(tensor -> values(tensor, count)).sum();
    if (values > MAX_VALUES) {
      throw new InferenceException(
          new InferenceFailure.InvalidInput(
              "the answer would have "
                  + values
                  + " values, at most "
                  + MAX_VALUES
                  + "; send fewer instances"));
    }
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("predictions");
          for (int i = 0; i < count; i++) {
            if (tensors.size() == 1) {
              var only = tensors.entrySet().iterator().next();
              row(json, only.getKey(), only.getValue(), i, count);
            } else {
              json.writeStartObject();
              for (var output : tensors.entrySet()) {
                json.writeFieldName(output.getKey());
                row(json, output.getKey(), output.getValue(), i, count);
              }
              json.writeEndObject();
            }
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void row(JsonGenerator json, String output, Tensor tensor, int row, int rows)
      throws IOException {
    Shape shape = tensor.shape();
    boolean byRow = shape.rank() > 0 && shape.dim(0) == rows;
    if (output.equals(zipMap) && byRow && shape.rank() == 2) {
      int count = (int) shape.dim(1);
      json.writeStartObject();
      for (int i = 0; i < count; i++) {
        json.writeFieldName(classes.nameAt(i, count));
        TensorJson.element(json, tensor, row * count + i);
      }
      json.writeEndObject();
    } else if (byRow && shape.elements() == rows) {
      TensorJson.element(json, tensor, row);
    } else {
      TensorJson.row(json, tensor, row, rows);
    }
  }

  /** An output that does not count rows is written once for each. */
  private static long values(Tensor tensor, int rows) {
    Shape shape = tensor.shape();
    boolean byRow = shape.rank() > 0 && shape.dim(0) == rows;
    return shape.elements() * (byRow ? 1 : rows);
  }
}
