package dev.modelserver.server.predict;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What each output means, told by its type and shape.
 *
 * @param label an integer or string per row
 * @param scores a float per row and class
 * @param value a float, or a row of floats that are no scores, per row
 * @param others outputs answered as they are
 */
public record OutputRoles(
    @Nullable String label, @Nullable String scores, @Nullable String value, List<String> others) {

  /**
   * The roles of the outputs of a model.
   *
   * @param classes how many classes its description or its labels name
   */
  public static OutputRoles of(Signature signature, int classes) {
    List<TensorSpec> outputs = signature.outputs();
    String label =
        first(
            outputs,
            output ->
                (output.datatype().isInteger() || output.datatype() == DataType.BYTES)
                    && columns(output) == 1);
    String scores = null;
    String value = null;
    if (label != null) {
      scores = first(outputs, output -> output.datatype().isFloat() && output.shape().rank() == 2);
    } else {
      scores =
          first(
              outputs,
              output ->
                  output.datatype().isFloat()
                      && output.shape().rank() == 2
                      && classes > 1
                      && (columns(output) == classes || columns(output) == Shape.ANY));
      value =
          scores != null || outputs.size() > 1
              ? null
              : first(outputs, output -> output.datatype().isFloat() && output.shape().rank() <= 2);
    }
    String labelled = label;
    String scored = scores;
    String valued = value;
    List<String> others =
        outputs.stream()
            .map(TensorSpec::name)
            .filter(name -> !name.equals(labelled) && !name.equals(scored) && !name.equals(valued))
            .toList();
    return new OutputRoles(label, scores, value, others);
  }

  private static long columns(TensorSpec output) {
    Shape shape = output.shape();
    return shape.rank() <= 1 ? 1 : shape.elementsFrom(1);
  }

  private static @Nullable String first(List<TensorSpec> outputs, Predicate<TensorSpec> wanted) {
    return outputs.stream().filter(wanted).map(TensorSpec::name).findFirst().orElse(null);
  }
}
