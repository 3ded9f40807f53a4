package dev.modelserver.server.graph.division;

import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.Place;
import java.util.List;

/**
 * A division that may be asked for what has no result.
 *
 * @param around the messages that the node lies in, the outermost first
 * @param field number of the field that holds the node: {@link #IN_GRAPH} or {@link #IN_FUNCTION}
 * @param type {@link ValueFacts#INT32} or {@link ValueFacts#INT64}; 0: not known, or not the same
 *     in every call of the function that it is in
 * @param opset of the operators around it
 */
record Division(Node node, List<Place> around, int field, int type, long opset) {

  static final int IN_GRAPH = 1;
  static final int IN_FUNCTION = 7;

  /** The node under its own name, else under that of what it computes. */
  String name() {
    return node.name().isEmpty()
        ? "the %s node of \"%s\"".formatted(node.operator(), node.outputs().getFirst())
        : "the %s node \"%s\"".formatted(node.operator(), node.name());
  }
}
