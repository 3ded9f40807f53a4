package dev.modelserver.server.v1;

import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.predict.TensorRows;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * Writes {@code {"outputs":…}}, the answer to a request by column: the tensor of the only output,
 * or an object with the tensors by the names of the outputs. A ZipMap output is a list with an
 * object by class for each row, and a sequence a list of its tensors.
 *
 * @param rows how a row is written where it is not the part of a tensor
 */
record ColumnWriter(PredictionWriter rows) {

  JsonWriter write(RunOutputs run) throws InferenceException {
    long values =
        run.tensors().values().stream().mapToLong(tensor -> tensor.shape().elements()).sum();
    if (values > PredictionWriter.MAX_VALUES) {
      throw new InferenceException(
          new InferenceFailure.InvalidInput(
              "the answer would have %d values, at most %d; send fewer rows"
                  .formatted(values, PredictionWriter.MAX_VALUES)));
    }
    List<String> given =
        rows.outputs().stream()
            .filter(name -> run.tensors().containsKey(name) || run.parts().containsKey(name))
            .toList();
    JsonWriter json = new JsonWriter((int) Math.min(1 << 20, 64 + 16 * values));
    json.raw("{\"outputs\":");
    if (given.size() == 1) {
      output(json, run, given.getFirst());
      return json.raw("}");
    }
    for (int i = 0; i < given.size(); i++) {
      json.raw(i == 0 ? "{" : ",").string(given.get(i)).raw(":");
      output(json, run, given.get(i));
    }
    return json.raw(given.isEmpty() ? "{}}" : "}}");
  }

  private void output(JsonWriter json, RunOutputs run, String output) {
    OutputRoles roles = rows.roles();
    switch (run.tensors().get(output)) {
      case NumericTensor scores
          when roles.mapped() && output.equals(roles.scores()) && scores.shape().rank() == 2 ->
          list(json, (int) scores.shape().dim(0), row -> rows.map(json, scores, row));
      case NumericTensor labels
          when roles.labelIsPosition()
              && output.equals(roles.label())
              && labels.shape().rank() == 1 ->
          list(
              json,
              (int) labels.shape().dim(0),
              row -> PredictionWriter.label(json, roles.label(labels.longAt(row))));
      case Tensor tensor -> TensorRows.write(json, tensor, -1, 0, false);
      case null -> {
        List<Tensor> parts =
            run.parts().getOrDefault(output, List.of()).stream()
                .map(run.tensors()::get)
                .filter(Objects::nonNull)
                .toList();
        list(json, parts.size(), i -> TensorRows.write(json, parts.get(i), -1, 0, false));
      }
    }
  }

  private static void list(JsonWriter json, int size, IntConsumer element) {
    json.raw("[");
    for (int i = 0; i < size; i++) {
      json.raw(i == 0 ? "" : ",");
      element.accept(i);
    }
    json.raw("]");
  }
}
