package dev.modelserver.server.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of one predicted row: prediction, class, probabilities, confidence, outputs;
 * each only where the model gives it.
 *
 * @param top how many classes are written: when there are more, those with the highest scores, the
 *     highest first
 */
record RowWriter(OutputRoles roles, ClassNames classes, int top) {

  /** As this one, for so many classes. */
  RowWriter withTop(int most) {
    return new RowWriter(roles, classes, most);
  }

  void write(JsonGenerator json, RunOutputs outputs, int row, int rows) throws IOException {
    Map<String, Tensor> tensors = outputs.tensors();
    Tensor label = roles.label() == null ? null : tensors.get(roles.label());
    Scores scores =
        Scores.of(roles.scores() == null ? null : tensors.get(roles.scores()), row, rows);
    if (label != null) {
      label(json, label, scores, row, rows);
    } else if (scores != null) {
      int best = scores.best();
      json.writeNumberField("prediction", best);
      json.writeStringField("class", classes.nameAt(best, scores.count()));
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
  }

  private void label(JsonGenerator json, Tensor label, @Nullable Scores scores, int row, int rows)
      throws IOException {
    json.writeFieldName("prediction");
    if (label.shape().elements() != rows) {
      TensorJson.row(json, label, row, rows);
      return;
    }
    TensorJson.element(json, label, row);
    Object given = PredictedClasses.label(label, row);
    String name = classes.nameOrNull(given, scores != null);
    if (name != null) {
      json.writeStringField("class", name);
    }
    if (scores != null) {
      int position = classes.position(given);
      scores(json, scores, position >= 0 && position < scores.count() ? position : scores.best());
    }
  }

  private void scores(JsonGenerator json, Scores scores, int chosen) throws IOException {
    boolean probabilities = scores.distribution();
    json.writeObjectFieldStart(probabilities ? "probabilities" : "scores");
    if (top < scores.count()) {
      for (int i : scores.highest(top)) {
        score(json, scores, i);
      }
    } else {
      for (int i = 0; i < scores.count(); i++) {
        score(json, scores, i);
      }
    }
    json.writeEndObject();
    if (probabilities) {
      json.writeFieldName("confidence");
      TensorJson.number(json, scores.type(), scores.at(chosen));
    }
  }

  private void score(JsonGenerator json, Scores scores, int i) throws IOException {
    json.writeFieldName(classes.nameAt(i, scores.count()));
    TensorJson.number(json, scores.type(), scores.at(i));
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
}
