package dev.modelserver.server.graph;

import dev.modelserver.server.model.Labels;
import java.util.List;
import java.util.Optional;

/**
 * A node of the main graph that makes a map of each row.
 *
 * @param input the numbers, a column per label
 * @param output the sequence of maps
 * @param labels in the order of the columns
 */
public record ZipMap(Node node, String input, String output, Labels labels) {

  /** Those of a model, as far as they name their labels. */
  public static List<ZipMap> of(ModelGraph model) {
    return model.main().nodes().stream().map(ZipMap::of).flatMap(Optional::stream).toList();
  }

  private static Optional<ZipMap> of(Node node) {
    if (!node.isMl("ZipMap") || node.inputs().size() != 1 || node.outputs().size() != 1) {
      return Optional.empty();
    }
    return labels(node)
        .map(labels -> new ZipMap(node, node.input(0), node.outputs().getFirst(), labels));
  }

  private static Optional<Labels> labels(Node node) {
    return node.integers("classlabels_int64s")
        .filter(list -> !list.isEmpty())
        .map(list -> new Labels(List.copyOf(list)))
        .or(
            () ->
                node.texts("classlabels_strings")
                    .filter(list -> !list.isEmpty())
                    .map(list -> new Labels(List.copyOf(list))));
  }
}
