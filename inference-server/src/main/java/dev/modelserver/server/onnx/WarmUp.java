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
   * Runs the model once; sizes that vary are taken as 1.
   *
   * @param patience ends the run after this time
   * @return why there was no answer: a model may have its reasons to refuse zeros, so this is no
   *     reason to refuse the model
   */
  public static Optional<String> run(OnnxModel model, Duration patience) {
    Signature signature = model.signature(List.of());
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    long left = MAX_ELEMENTS;
    for (TensorSpec input : signature.inputs()) {
      Shape shape =
          new Shape(input.shape().dims().stream().map(dim -> dim < 0 ? 1L : dim).toList());
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
    RunControl control = new RunControl();
    var timer =
        CompletableFuture.runAsync(
            control::terminate,
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    try {
      var _ = model.run(inputs, List.of(), control);
      return Optional.empty();
    } catch (ModelRunException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      timer.cancel(false);
    }
  }
}
