package dev.modelserver.server.predict;

import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of one predicted row: prediction, class, probabilities, confidence, outputs;
 * each only where the model gives it.
 */
final class RowWriter {

  /** About how long the prediction, the class and the confidence are with their names. */
  private static final int ROW_BYTES = 96;

  /** About how long a score is with its comma. */
  private static final int SCORE_BYTES = 13;

  /** Memory for longer ones is allocated when they are written. */
  private static final int MAX_SCORES_BYTES = 32 << 10;

  private final OutputRoles roles;
  private final RowAxes axes;

  /** Names of the classes, quoted; none when there is not one for each score. */
  private final List<byte[]> names = new ArrayList<>();

  /** The same with a colon. */
  private final List<byte[]> keys = new ArrayList<>();

  private final int expectedBytes;

  RowWriter(OutputRoles roles, RowAxes axes) {
    this.roles = roles;
    this.axes = axes;
    for (String name : roles.classes().names()) {
      names.add(new JsonWriter(name.length() + 2).string(name).toBytes());
      keys.add(new JsonWriter(name.length() + 3).string(name).raw(":").toBytes());
    }
    int scores = keys.stream().mapToInt(key -> key.length + SCORE_BYTES).sum();
    this.expectedBytes = ROW_BYTES + Math.min(scores, MAX_SCORES_BYTES);
  }

  OutputRoles roles() {
    return roles;
  }

  RowAxes axes() {
    return axes;
  }

  /** About how long a row is. */
  int expectedBytes() {
    return expectedBytes;
  }

  /**
   * Writes the fields of a row.
   *
   * @param top how many classes are written: when there are more, those with the highest scores,
   *     the highest first
   * @return whether there was any
   */
  boolean write(JsonWriter json, RunOutputs outputs, int row, int rows, int top) {
    Tensor label = tensor(outputs, roles.label());
    Scores scores = Scores.of(tensor(outputs, roles.scores()), row, rows);
    int before = json.length();
    if (label != null) {
      label(json, label, scores, row, rows, top);
    } else if (scores != null) {
      scored(json, scores, top);
    } else if (roles.value() != null) {
      json.raw("\"prediction\":");
      Tensor value = tensor(outputs, roles.value());
      if (value == null) {
        parts(json, outputs, outputs.parts().getOrDefault(roles.value(), List.of()), row, rows);
      } else {
        row(json, roles.value(), value, row, rows);
      }
    }
    others(json, outputs, row, rows, json.length() > before);
    return json.length() > before;
  }

  private static @Nullable Tensor tensor(RunOutputs outputs, @Nullable String name) {
    return name == null ? null : outputs.tensors().get(name);
  }

  private void row(JsonWriter json, String name, Tensor tensor, int row, int rows) {
    TensorRows.write(json, tensor, TensorRows.axis(axes, name, tensor, rows), row, true);
  }

  private void label(
      JsonWriter json, Tensor label, @Nullable Scores scores, int row, int rows, int top) {
    json.raw("\"prediction\":");
    if (label.shape().elements() != rows) {
      row(json, String.valueOf(roles.label()), label, row, rows);
      return;
    }
    ClassNames classes = roles.classes();
    Object chosen = roles.label(PredictedClasses.label(label, row));
    switch (chosen) {
      case Long number when roles.labelIsPosition() -> json.number(number);
      case String text -> json.string(text);
      default -> TensorRows.element(json, label, row);
    }
    int position = classes.position(chosen);
    String name = roles.name(chosen);
    if (name != null) {
      json.raw(",\"class\":");
      if (position >= 0 && position < names.size()) {
        json.raw(names.get(position));
      } else {
        json.string(name);
      }
    }
    if (scores != null) {
      json.raw(",");
      scores(json, scores, top);
      confidence(json, scores, position);
    }
  }

  /** The class is the one with the highest score, where one excludes the others. */
  private void scored(JsonWriter json, Scores scores, int top) {
    if (roles.kind() == ScoreKind.INDEPENDENT_PROBABILITIES) {
      scores(json, scores, top);
      return;
    }
    int best = scores.best();
    json.raw("\"prediction\":");
    Object key = best < roles.classes().keys().size() ? roles.classes().keys().get(best) : null;
    if (key instanceof String text) {
      json.string(text);
    } else {
      json.number(key instanceof Long number ? number : best);
    }
    if (named(scores)) {
      json.raw(",\"class\":").raw(names.get(best));
    }
    json.raw(",");
    scores(json, scores, top);
    confidence(json, scores, best);
  }

  private boolean named(Scores scores) {
    return keys.size() == scores.count();
  }

  private void confidence(JsonWriter json, Scores scores, int position) {
    if (roles.kind() == ScoreKind.PROBABILITIES && position >= 0 && position < scores.count()) {
      json.raw(",\"confidence\":").number(scores.type(), scores.at(position));
    }
  }

  private void scores(JsonWriter json, Scores scores, int top) {
    json.raw(roles.kind() == ScoreKind.SCORES ? "\"scores\":" : "\"probabilities\":");
    if (!named(scores)) {
      unnamed(json, scores);
    } else if (top < scores.count()) {
      json.raw("{");
      int[] highest = scores.highest(top);
      for (int i = 0; i < highest.length; i++) {
        score(json, scores, highest[i], i);
      }
      json.raw("}");
    } else {
      json.raw("{");
      for (int i = 0; i < scores.count(); i++) {
        score(json, scores, i, i);
      }
      json.raw("}");
    }
  }

  /** A number, or a list: nothing says which class each is of. */
  private static void unnamed(JsonWriter json, Scores scores) {
    if (scores.count() == 1) {
      json.number(scores.type(), scores.at(0));
      return;
    }
    json.raw("[");
    for (int i = 0; i < scores.count(); i++) {
      json.raw(i == 0 ? "" : ",").number(scores.type(), scores.at(i));
    }
    json.raw("]");
  }

  private void score(JsonWriter json, Scores scores, int i, int written) {
    if (written > 0) {
      json.raw(",");
    }
    json.raw(keys.get(i)).number(scores.type(), scores.at(i));
  }

  private void others(JsonWriter json, RunOutputs outputs, int row, int rows, boolean after) {
    if (roles.others().isEmpty()) {
      return;
    }
    json.raw(after ? ",\"outputs\":{" : "\"outputs\":{");
    int written = 0;
    for (String name : roles.others()) {
      List<String> parts = outputs.parts().getOrDefault(name, List.of());
      Tensor tensor = outputs.tensors().get(name);
      if (tensor != null || !parts.isEmpty()) {
        json.raw(written++ == 0 ? "" : ",").string(name).raw(":");
        if (tensor != null) {
          TensorRows.write(json, tensor, TensorRows.axis(axes, name, tensor, rows), row, false);
        } else {
          parts(json, outputs, parts, row, rows);
        }
      }
    }
    json.raw("}");
  }

  /** The row of each tensor of a sequence. */
  private void parts(JsonWriter json, RunOutputs outputs, List<String> parts, int row, int rows) {
    json.raw("[");
    for (int i = 0; i < parts.size(); i++) {
      Tensor part = outputs.tensors().get(parts.get(i));
      if (part != null) {
        json.raw(i == 0 ? "" : ",");
        TensorRows.write(json, part, TensorRows.axis(axes, parts.get(i), part, rows), row, false);
      }
    }
    json.raw("]");
  }
}
