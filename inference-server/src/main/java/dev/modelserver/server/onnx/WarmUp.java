package dev.modelserver.server.onnx;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One run on zeros, so that the first caller does not pay for first use and the labels of a ZipMap
 * are known.
 */
public final class WarmUp {

  /** Of all inputs together. */
  private static final long MAX_ELEMENTS = 1 << 24;

  private WarmUp() {}

  /**
   * Runs the model once; sizes that vary are as small as the model takes them. Where the model
   * declares one row of an output for any number of rows of its inputs, as some exporters do, a
   * second run on two rows tells whether that is so.
   *
   * @param patience ends the runs after this time
   * @return why there was no answer: a model may have its reasons to refuse zeros, so this is no
   *     reason to refuse the model
   */
  public static Optional<String> run(OnnxModel model, Duration patience) {
    RunControl control = new RunControl();
    var timer =
        CompletableFuture.runAsync(
            control::terminate,
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    try {
      return attempt(model, 1, control)
          .or(
              () ->
                  doubtful(model.signature(List.of())) ? second(model, control) : Optional.empty());
    } finally {
      timer.cancel(false);
    }
  }

  private static Optional<String> second(OnnxModel model, RunControl control) {
    var _ = attempt(model, 2, control);
    return Optional.empty();
  }

  private static Optional<String> attempt(OnnxModel model, int rows, RunControl control) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    long left = MAX_ELEMENTS;
    for (TensorSpec input : model.signature(List.of()).inputs()) {
      Shape shape = input.smallest(rows);
      long elements;
      try {
        elements = shape.elements();
      } catch (ArithmeticException e) {
        elements = Long.MAX_VALUE;
      }
      if (elements > left) {
        return Optional.of("the input \"" + input.name() + "\" is too large to try");
      }
      left -= elements;
      inputs.put(
          input.name(),
          input.datatype() == DataType.BYTES
              ? new StringTensor(shape, Collections.nCopies((int) elements, ""))
              : NumericTensor.allocate(input.datatype(), shape));
    }
    try {
      model.observe(model.run(inputs, List.of(), control));
      return Optional.empty();
    } catch (ModelRunException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static boolean doubtful(Signature signature) {
    return signature.inputs().stream().allMatch(input -> starts(input.shape(), Shape.ANY))
        && signature.outputs().stream().anyMatch(output -> starts(output.shape(), 1));
  }

  private static boolean starts(Shape shape, long dim) {
    return shape.rank() > 0 && shape.dim(0) == dim;
  }
}
