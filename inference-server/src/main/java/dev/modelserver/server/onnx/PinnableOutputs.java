package dev.modelserver.server.onnx;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The outputs of a model that ONNX Runtime writes to memory it is given, as far as is known: those
 * that its graph computes, without those that a run has shown to be written elsewhere or to have
 * another shape. Outputs only ever leave.
 */
final class PinnableOutputs {

  private volatile Set<String> names;
  private volatile boolean oneRowTried;
  private volatile boolean rowsTried;

  /**
   * What the graph promises.
   *
   * @param names outputs that nodes compute, {@link
   *     dev.modelserver.server.graph.ComputedOutputs#of}
   */
  PinnableOutputs(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  boolean contains(String output) {
    return names.contains(output);
  }

  /** These are read from ONNX Runtime's own memory from now on. */
  synchronized void remove(Collection<String> outputs) {
    Set<String> left = new HashSet<>(names);
    left.removeAll(outputs);
    names = Set.copyOf(left);
  }

  /** Whether no run of about this many rows was compared with one that is not pinned. */
  boolean untried(int rows) {
    return rows == 1 ? !oneRowTried : !rowsTried;
  }

  void tried(int rows) {
    if (rows == 1) {
      oneRowTried = true;
    } else {
      rowsTried = true;
    }
  }
}
