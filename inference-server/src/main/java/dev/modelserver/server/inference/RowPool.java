package dev.modelserver.server.inference;

import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.PinnedBatch;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Trial rows that the model answers, each with its answer alone. There is at least one. */
final class RowPool {

  private static final int MAX_SIZE = 64;
  private static final int MIN_SIZE = 4;

  private final List<Map<String, Tensor>> inputs = new ArrayList<>();
  private final List<Map<String, Tensor>> alone = new ArrayList<>();

  private RowPool() {}

  /**
   * Runs rows alone.
   *
   * @param most how many are of use
   * @param nanos how long to go on, once there are a few
   * @throws ModelRunException when the model refuses all of them, or was ended
   */
  static RowPool of(PinnedBatch pinned, TrialRows rows, int most, long nanos, RunControl control)
      throws ModelRunException {
    RowPool pool = new RowPool();
    int wanted = Math.min(most, MAX_SIZE);
    long start = System.nanoTime();
    ModelRunException refused = null;
    for (int row = 0; row < 2 * wanted && pool.size() < wanted; row++) {
      if (pool.size() >= MIN_SIZE && System.nanoTime() - start > nanos) {
        break;
      }
      Map<String, Tensor> tensors = rows.row(row);
      try {
        pinned.put(0, tensors);
        var _ = pinned.run(1, List.of(), control);
        pool.alone.add(pinned.take(0, 1, 1));
        pool.inputs.add(tensors);
      } catch (ModelRunException e) {
        if (control.terminated()) {
          throw e;
        }
        refused = e;
      }
    }
    if (pool.inputs.isEmpty() && refused != null) {
      throw refused;
    }
    return pool;
  }

  int size() {
    return inputs.size();
  }

  /** The inputs of a row; the rows begin again behind the last. */
  Map<String, Tensor> inputs(int row) {
    return inputs.get(row % inputs.size());
  }

  /** What the model answers to it alone. */
  Map<String, Tensor> alone(int row) {
    return alone.get(row % alone.size());
  }
}
