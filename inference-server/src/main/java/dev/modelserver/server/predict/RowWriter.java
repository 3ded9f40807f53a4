package dev.modelserver.server.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of one predicted row: prediction, class, probabilities, confidence, outputs;
 * each only where the model gives it.
 */
record RowWriter(OutputRoles roles, ClassNames classes) {

  private static final double SUM_TOLERANCE = 1e-3;

  /** Returns the class, or null when the model gives none. */
  @Nullable String write(JsonGenerator json, RunOutputs outputs, int row, int rows)
      throws IOException {
    Map<String, Tensor> tensors = outputs.tensors();
    String predicted = null;
    Tensor label = roles.label() == null ? null : tensors.get(roles.label());
    Scores scores =
        Scores.of(roles.scores() == null ? null : tensors.get(roles.scores()), row, rows);
    if (label != null) {
      predicted = label(json, label, scores, row, rows);
    } else if (scores != null) {
      int best = scores.best();
      json.writeNumberField("prediction", best);
      predicted = classes.nameAt(best, scores.count());
      json.writeStringField("class", predicted);
      scores(json, scores, best);
    } else if (roles.value() != null) {
      json.writeFieldName("prediction");
      value(json, tensors.get(roles.value()), row, rows);
    }
    if (!roles.others().isEmpty()) {
      json.writeObjectFieldStart("outputs");
      for (String name : roles.others()) {
        Tensor tensor = tensors.get(name);
        if (tensor != null) {
          json.writeFieldName(name);
          TensorJson.row(json, tensor, row, rows);
        }
      }
      json.writeEndObject();
    }
    return predicted;
  }

  private @Nullable String label(
      JsonGenerator json, Tensor label, @Nullable Scores scores, int row, int rows)
      throws IOException {
    json.writeFieldName("prediction");
    if (label.shape().elements() != rows) {
      TensorJson.row(json, label, row, rows);
      return null;
    }
    TensorJson.element(json, label, row);
    Object given =
        label instanceof StringTensor strings
            ? strings.values().get(row)
            : (Object) ((NumericTensor) label).longAt(row);
    if (scores == null && classes.names().isEmpty() && given instanceof Long) {
      // an integer without classes or scores is a number, not a label
      return null;
    }
    String name = classes.name(given);
    json.writeStringField("class", name);
    if (scores != null) {
      int position = classes.position(given);
      scores(json, scores, position >= 0 && position < scores.count() ? position : scores.best());
    }
    return name;
  }

  private void scores(JsonGenerator json, Scores scores, int chosen) throws IOException {
    boolean probabilities = scores.distribution();
    json.writeObjectFieldStart(probabilities ? "probabilities" : "scores");
    for (int i = 0; i < scores.count(); i++) {
      json.writeFieldName(classes.nameAt(i, scores.count()));
      TensorJson.number(json, scores.type(), scores.at(i));
    }
    json.writeEndObject();
    if (probabilities) {
      json.writeFieldName("confidence");
      TensorJson.number(json, scores.type(), scores.at(chosen));
    }
  }

  private static void value(JsonGenerator json, @Nullable Tensor tensor, int row, int rows)
      throws IOException {
    if (tensor == null) {
      json.writeNull();
    } else if (tensor.shape().elements() == rows) {
      TensorJson.element(json, tensor, row);
    } else {
      TensorJson.row(json, tensor, row, rows);
    }
  }

  /** The scores of one row. */
  private record Scores(NumericTensor tensor, int from, int count) {

    static @Nullable Scores of(@Nullable Tensor tensor, int row, int rows) {
      if (tensor instanceof NumericTensor numbers
          && numbers.shape().rank() == 2
          && numbers.shape().dim(0) == rows
          && numbers.shape().dim(1) > 0) {
        int count = (int) numbers.shape().dim(1);
        return new Scores(numbers, row * count, count);
      }
      return null;
    }

    DataType type() {
      return tensor.type();
    }

    double at(int i) {
      return tensor.doubleAt(from + i);
    }

    int best() {
      int best = 0;
      for (int i = 1; i < count; i++) {
        if (at(i) > at(best)) {
          best = i;
        }
      }
      return best;
    }

    /**
     * Whether the scores are probabilities: not negative, and one in sum. Logits are answered as
     * they are, under another name.
     */
    boolean distribution() {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        if (!(at(i) >= 0)) {
          return false;
        }
        sum += at(i);
      }
      return Math.abs(sum - 1) <= SUM_TOLERANCE;
    }
  }
}
