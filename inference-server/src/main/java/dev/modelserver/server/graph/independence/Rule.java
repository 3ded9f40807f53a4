package dev.modelserver.server.graph.independence;

import java.util.List;

/** How an operator treats rows. */
@FunctionalInterface
interface Rule {

  /**
   * The outputs of a node. Fewer than the node has: nothing is proved of the others.
   *
   * @throws RowsMixException when the rows of an output may depend on each other
   */
  List<RowValue> apply(Call call) throws RowsMixException;
}
