package dev.modelserver.server.graph.ranges;

import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.ranges.InputRanges.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nodes that hand values on as they are: all, some of the columns, or joined with others. */
final class Passages {

  private static final Set<String> SAME =
      Set.of("Cast", "CastLike", "Identity", "Dropout", "Clip", "Floor", "Round");

  /** Another shape, or another order of the axes. */
  private static final Set<String> SHAPED =
      Set.of("Reshape", "Transpose", "Expand", "Tile", "Pad", "GatherND", "Where");

  /** Axes of one element come or go, and the last stays the last, or has one element. */
  private static final Set<String> AXES = Set.of("Flatten", "Squeeze", "Unsqueeze");

  private Passages() {}

  /** What the outputs hold of the inputs of the model. */
  static List<Flow> of(Node node, Scope scope) {
    Flow first = scope.flow(node.input(0));
    String operator = node.operator();
    if (node.isMl("ArrayFeatureExtractor")) {
      return List.of(picked(first, integers(scope, node.input(1))));
    }
    if (node.isMl("FeatureVectorizer") || node.is("Concat")) {
      return List.of(joined(node, scope));
    }
    if (!node.domain().isEmpty() || first.isNothing()) {
      return List.of();
    }
    if (SAME.contains(operator)) {
      return List.of(first);
    }
    if (operator.equals("Reshape")) {
      boolean keeps =
          integers(scope, node.input(1))
              .map(target -> !target.isEmpty() && target.getLast() == first.width())
              .orElse(false);
      return List.of(keeps ? first : first.shuffled());
    }
    if (SHAPED.contains(operator) || AXES.contains(operator)) {
      boolean flat = operator.equals("Flatten") && node.integer("axis", 1) == 1;
      return List.of(flat ? first : first.shuffled());
    }
    return switch (operator) {
      case "Gather" ->
          List.of(
              lastAxis(node.integer("axis", 0))
                  ? picked(first, integers(scope, node.input(1)))
                  : first.shuffled());
      case "Slice" -> List.of(sliced(node, scope, first));
      case "Split" -> split(node, scope, first);
      default -> List.of();
    };
  }

  private static Optional<List<Long>> integers(Scope scope, String name) {
    return scope.constant(name).flatMap(Constant::integers);
  }

  /** Inputs with columns have two axes; of others the columns are not told apart. */
  private static boolean lastAxis(long axis) {
    return axis == 1 || axis == -1;
  }

  private static Flow picked(Flow from, Optional<List<Long>> indices) {
    if (indices.isEmpty() || from.width() < 0) {
      return from.shuffled();
    }
    List<Flow> parts = new ArrayList<>();
    for (long index : indices.get()) {
      parts.add(from.part((int) (index < 0 ? index + from.width() : index), 1));
    }
    return Flow.joined(parts);
  }

  private static Flow joined(Node node, Scope scope) {
    List<Flow> parts = new ArrayList<>();
    for (String name : node.inputs()) {
      Flow flow = scope.flow(name);
      parts.add(flow);
    }
    boolean columns = node.isMl("FeatureVectorizer") || lastAxis(node.integer("axis", 1));
    Flow all = Flow.joined(parts);
    return columns ? all : all.shuffled();
  }

  private static Flow sliced(Node node, Scope scope, Flow from) {
    Optional<List<Long>> starts = slice(node, scope, "starts", 1);
    Optional<List<Long>> ends = slice(node, scope, "ends", 2);
    Optional<List<Long>> axes = slice(node, scope, "axes", 3);
    boolean simple =
        starts.filter(list -> list.size() == 1).isPresent()
            && ends.filter(list -> list.size() == 1).isPresent()
            && axes.filter(list -> list.size() == 1 && lastAxis(list.getFirst())).isPresent()
            && from.width() > 0
            && node.input(4).isEmpty();
    if (!simple) {
      return from.shuffled();
    }
    int start = counted(starts.get().getFirst(), from.width());
    int end = counted(ends.get().getFirst(), from.width());
    return from.part(start, Math.max(0, end - start));
  }

  private static int counted(long index, int width) {
    return (int) Math.clamp(index < 0 ? Math.max(index, -width) + width : index, 0L, (long) width);
  }

  private static Optional<List<Long>> slice(Node node, Scope scope, String attribute, int input) {
    return node.input(input).isEmpty()
        ? node.integers(attribute)
        : integers(scope, node.input(input));
  }

  private static List<Flow> split(Node node, Scope scope, Flow from) {
    int outputs = node.outputs().size();
    List<Long> parts =
        slice(node, scope, "split", 1)
            .orElse(Collections.nCopies(outputs, (long) Math.max(0, from.width() / outputs)));
    if (parts.size() != outputs || !lastAxis(node.integer("axis", 0))) {
      return Collections.nCopies(outputs, from.shuffled());
    }
    List<Flow> flows = new ArrayList<>();
    int at = 0;
    for (long part : parts) {
      flows.add(from.part(at, (int) part));
      at += (int) part;
    }
    return flows;
  }
}
