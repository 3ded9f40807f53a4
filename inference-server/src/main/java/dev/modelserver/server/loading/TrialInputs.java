package dev.modelserver.server.loading;

import dev.modelserver.server.inference.TrialRows;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * Inputs to try a model on, the same at every start. The first size of an input, where it varies,
 * is the number of rows; other sizes that vary are as small as the model takes them.
 */
record TrialInputs(Signature signature, TrialRows trial) {

  /** Of all inputs together. */
  private static final long MAX_ELEMENTS = 1 << 24;

  /**
   * The same of several rows: a model may need a thousand times the memory of its inputs, and what
   * one row needs is all that its owner has planned for.
   */
  private static final long MAX_ELEMENTS_OF_ROWS = 1 << 16;

  /** Whether the number of rows can be chosen. */
  boolean anyRows() {
    return signature.inputs().stream().anyMatch(TrialInputs::counts);
  }

  /** The rows of a model that takes one number of them. */
  int fixedRows() {
    return signature.inputs().stream()
        .filter(input -> input.shape().rank() > 1)
        .map(input -> Math.clamp(input.shape().dim(0), 1, 1 << 16))
        .findFirst()
        .orElse(1);
  }

  /**
   * Inputs with this number of rows; empty when they are too large to try.
   *
   * @param first which of the trial rows they begin with, from 0
   */
  Optional<Map<String, Tensor>> of(int first, int rows) {
    return fit(rows) ? Optional.of(trial.rows(first, rows)) : Optional.empty();
  }

  /** The first trial row, several times behind itself; empty when that is too large to try. */
  Optional<Map<String, Tensor>> equal(int rows) {
    return fit(rows) ? Optional.of(trial.repeated(0, rows)) : Optional.empty();
  }

  private boolean fit(int rows) {
    long left = rows > 1 && anyRows() ? MAX_ELEMENTS_OF_ROWS : MAX_ELEMENTS;
    for (TensorSpec input : signature.inputs()) {
      try {
        left -= input.smallest(rows).elements();
      } catch (ArithmeticException e) {
        return false;
      }
      if (left < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean counts(TensorSpec input) {
    return input.shape().rank() > 0 && input.shape().dim(0) == Shape.ANY;
  }
}
