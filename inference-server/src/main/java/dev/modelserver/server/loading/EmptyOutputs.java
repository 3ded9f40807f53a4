package dev.modelserver.server.loading;

import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The shapes that outputs have for no rows. */
final class EmptyOutputs {

  private EmptyOutputs() {}

  /**
   * By output: with 0 along the axis of rows, and the other sizes as they are declared, or as every
   * run gave them where nothing but the number of rows varies. An output of which a size is not
   * known is left out.
   */
  static Map<String, Shape> of(Signature signature, RowAxes axes, List<TrialRun> runs) {
    boolean onlyRowsVary = signature.inputs().stream().allMatch(EmptyOutputs::onlyRowsVary);
    Map<String, Shape> shapes = new HashMap<>();
    for (TensorSpec output : signature.outputs()) {
      OptionalInt axis = axes.axis(output.name());
      Shape shape = shape(output, runs);
      if (axis.isPresent() && axis.getAsInt() < shape.rank()) {
        boolean asDeclared = output.shape().rank() == shape.rank();
        List<Long> dims = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
          long declared = asDeclared ? output.shape().dim(i) : Shape.ANY;
          boolean seen = declared == Shape.ANY && onlyRowsVary && same(runs, output, i);
          dims.add(i == axis.getAsInt() ? 0 : seen ? shape.dim(i) : declared);
        }
        if (!dims.contains(Shape.ANY)) {
          shapes.put(output.name(), new Shape(dims));
        }
      }
    }
    return shapes;
  }

  /** As the last run gave it; as it is declared when none did. */
  private static Shape shape(TensorSpec output, List<TrialRun> runs) {
    Tensor seen = runs.isEmpty() ? null : runs.getLast().outputs().tensors().get(output.name());
    return seen == null ? output.shape() : seen.shape();
  }

  private static boolean same(List<TrialRun> runs, TensorSpec output, int axis) {
    return runs.stream()
            .map(run -> run.outputs().tensors().get(output.name()))
            .map(tensor -> tensor == null ? Shape.ANY : tensor.shape().dim(axis))
            .distinct()
            .count()
        == 1;
  }

  private static boolean onlyRowsVary(TensorSpec input) {
    return input.shape().rank() > 0
        && input.shape().dims().stream().skip(1).noneMatch(dim -> dim == Shape.ANY);
  }
}
