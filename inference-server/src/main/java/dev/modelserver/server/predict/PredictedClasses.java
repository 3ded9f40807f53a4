package dev.modelserver.server.predict;

import dev.modelserver.server.metrics.RowClasses;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The class of each row, as an answer of {@code /predict} names it. */
record PredictedClasses(OutputRoles roles) implements RowClasses {

  @Override
  public void forEach(RunOutputs outputs, Consumer<@Nullable String> row) {
    Tensor label = roles.label() == null ? null : outputs.tensors().get(roles.label());
    Tensor scores = roles.scores() == null ? null : outputs.tensors().get(roles.scores());
    int rows = rows(outputs, label, scores);
    for (int i = 0; i < rows; i++) {
      row.accept(name(label, Scores.of(scores, i, rows), i, rows));
    }
  }

  /** A label as the model gave it: a string or a number. */
  static Object label(Tensor label, int row) {
    return label instanceof StringTensor strings
        ? strings.values().get(row)
        : (Object) ((NumericTensor) label).longAt(row);
  }

  private @Nullable String name(
      @Nullable Tensor label, @Nullable Scores scores, int row, int rows) {
    if (label != null) {
      return label.shape().elements() == rows ? roles.name(roles.label(label(label, row))) : null;
    }
    List<String> names = roles.classes().names();
    return scores == null
            || roles.kind() == ScoreKind.INDEPENDENT_PROBABILITIES
            || names.size() != scores.count()
        ? null
        : names.get(scores.best());
  }

  /** As many as the first of these outputs counts; one where nothing is counted. */
  private static int rows(RunOutputs outputs, @Nullable Tensor label, @Nullable Tensor scores) {
    if (label != null) {
      return Math.toIntExact(label.shape().elements());
    }
    Tensor first =
        scores != null ? scores : outputs.tensors().values().stream().findFirst().orElse(null);
    return first == null || first.shape().rank() == 0
        ? 1
        : (int) Math.min(first.shape().dim(0), Integer.MAX_VALUE);
  }
}
