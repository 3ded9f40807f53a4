package dev.modelserver.server.v1;

import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.predict.TensorRows;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@code {"predictions":[…]}}, one for each instance: for a model of one output its row, for
 * a model of several an object with the rows by the names of the outputs. A row of one value is
 * that value; a row of a ZipMap output is an object by class, and of a sequence a list with the row
 * of each of its tensors.
 */
record PredictionWriter(OutputRoles roles, RowAxes axes, List<String> outputs) {

  /** Values in one answer. */
  static final long MAX_VALUES = 1_000_000;

  static PredictionWriter of(ServedModel model) {
    return new PredictionWriter(
        model.roles(),
        model.axes(),
        model.signature().outputs().stream().map(output -> output.name()).toList());
  }

  JsonWriter write(RunOutputs run, int count) throws InferenceException {
    long values =
        run.tensors().entrySet().stream()
            .mapToLong(
                output ->
                    TensorRows.values(
                        output.getValue(), axis(output.getKey(), output.getValue(), count), count))
            .sum();
    if (values > MAX_VALUES) {
      throw new InferenceException(
          new InferenceFailure.InvalidInput(
              "the answer would have %d values, at most %d; send fewer instances"
                  .formatted(values, MAX_VALUES)));
    }
    List<String> given = new ArrayList<>();
    for (String output : outputs) {
      if (run.tensors().containsKey(output) || run.parts().containsKey(output)) {
        given.add(output);
      }
    }
    JsonWriter json = new JsonWriter((int) Math.min(1 << 20, 64 + 16 * values));
    json.raw("{\"predictions\":[");
    for (int i = 0; i < count; i++) {
      json.raw(i == 0 ? "" : ",");
      if (given.size() == 1) {
        row(json, run, given.getFirst(), i, count);
      } else {
        json.raw("{");
        for (int k = 0; k < given.size(); k++) {
          json.raw(k == 0 ? "" : ",").string(given.get(k)).raw(":");
          row(json, run, given.get(k), i, count);
        }
        json.raw("}");
      }
    }
    return json.raw("]}");
  }

  private int axis(String output, Tensor tensor, int rows) {
    return TensorRows.axis(axes, output, tensor, rows);
  }

  private void row(JsonWriter json, RunOutputs run, String output, int row, int rows) {
    Tensor tensor = run.tensors().get(output);
    if (tensor == null) {
      parts(json, run, run.parts().getOrDefault(output, List.of()), row, rows);
      return;
    }
    int axis = axis(output, tensor, rows);
    if (roles.mapped()
        && output.equals(roles.scores())
        && axis == 0
        && tensor.shape().rank() == 2) {
      map(json, (NumericTensor) tensor, row);
    } else if (roles.labelIsPosition()
        && output.equals(roles.label())
        && tensor instanceof NumericTensor numbers
        && tensor.shape().elements() == rows) {
      label(json, roles.label(numbers.longAt(row)));
    } else {
      TensorRows.write(json, tensor, axis, row, true);
    }
  }

  void map(JsonWriter json, NumericTensor scores, int row) {
    int count = (int) scores.shape().dim(1);
    List<String> names = roles.classes().names();
    json.raw("{");
    for (int i = 0; i < count; i++) {
      json.raw(i == 0 ? "" : ",")
          .string(names.size() == count ? names.get(i) : Integer.toString(i))
          .raw(":");
      TensorRows.element(json, scores, row * count + i);
    }
    json.raw("}");
  }

  static void label(JsonWriter json, Object label) {
    if (label instanceof Long number) {
      json.number(number);
    } else {
      json.string(label.toString());
    }
  }

  private void parts(JsonWriter json, RunOutputs run, List<String> parts, int row, int rows) {
    json.raw("[");
    for (int i = 0; i < parts.size(); i++) {
      Tensor part = run.tensors().get(parts.get(i));
      if (part != null) {
        json.raw(i == 0 ? "" : ",");
        TensorRows.write(json, part, axis(parts.get(i), part, rows), row, false);
      }
    }
    json.raw("]");
  }
}
