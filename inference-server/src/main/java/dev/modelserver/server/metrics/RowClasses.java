package dev.modelserver.server.metrics;

import dev.modelserver.server.onnx.RunOutputs;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the class of every row in the outputs of a run. */
@FunctionalInterface
public interface RowClasses {

  /**
   * Names the class of each row.
   *
   * @param row is given the class; null for a row without one
   */
  void forEach(RunOutputs outputs, Consumer<@Nullable String> row);
}
