package dev.modelserver.server.loading;

import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Finds the axis of each output that follows the number of rows when that number changes. */
final class RowAxesFinder {

  private RowAxesFinder() {}

  /** From runs on different numbers of rows; without them, from what the model declares. */
  static RowAxes of(Signature signature, List<TrialRun> runs) {
    boolean varied = TrialRun.varied(runs);
    Map<String, Integer> axes = new HashMap<>();
    for (TensorSpec output : signature.outputs()) {
      OptionalInt axis = varied ? seen(output.name(), runs) : declared(signature, output.shape());
      axis.ifPresent(value -> axes.put(output.name(), value));
    }
    if (varied) {
      // Of a sequence each tensor has rows of its own.
      runs.getFirst()
          .outputs()
          .parts()
          .values()
          .forEach(
              parts ->
                  parts.forEach(
                      part -> seen(part, runs).ifPresent(value -> axes.put(part, value))));
    }
    return new RowAxes(axes);
  }

  private static OptionalInt seen(String output, List<TrialRun> runs) {
    int rank =
        runs.stream()
            .map(run -> run.outputs().tensors().get(output))
            .mapToInt(tensor -> tensor == null ? 0 : tensor.shape().rank())
            .min()
            .orElse(0);
    return IntStream.range(0, rank)
        .filter(axis -> runs.stream().allMatch(run -> follows(run, output, axis)))
        .findFirst();
  }

  private static boolean follows(TrialRun run, String output, int axis) {
    Tensor tensor = run.outputs().tensors().get(output);
    return tensor != null && tensor.shape().dim(axis) == run.rows();
  }

  /** The first axis, where inputs and output declare the same for theirs. */
  private static OptionalInt declared(Signature signature, Shape output) {
    boolean rows =
        output.rank() > 0
            && !signature.inputs().isEmpty()
            && signature.inputs().stream()
                .map(TensorSpec::shape)
                .allMatch(shape -> shape.rank() > 0 && shape.dim(0) == output.dim(0));
    return rows ? OptionalInt.of(0) : OptionalInt.empty();
  }
}
