package dev.modelserver.server.loading;

import dev.modelserver.server.onnx.RunOutputs;
import java.util.List;

/**
 * A run on inputs of the server's own making.
 *
 * @param rows how many rows its inputs had
 */
record TrialRun(int rows, RunOutputs outputs) {

  /** Whether runs had different numbers of rows. */
  static boolean varied(List<TrialRun> runs) {
    return runs.stream().mapToInt(TrialRun::rows).distinct().count() > 1;
  }
}
