package dev.modelserver.server.graph;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The operators of ONNX Runtime Extensions that a model uses: tokenizers, texts, images, audio. */
public final class ExtensionOperators {

  /** The domains that ONNX Runtime Extensions has its operators in; some are in both. */
  static final Set<String> DOMAINS = Set.of("ai.onnx.contrib", "com.microsoft.extensions");

  private ExtensionOperators() {}

  /**
   * Their names in alphabetical order, of nodes in the main graph, in branches and loops, and in
   * functions; without calls of functions that the model itself defines in these domains.
   */
  public static Set<String> of(ModelGraph model) {
    Set<String> found = new TreeSet<>();
    collect(model, model.main().nodes(), found);
    model.functions().values().forEach(function -> collect(model, function.nodes(), found));
    return found;
  }

  private static void collect(ModelGraph model, List<Node> nodes, Set<String> into) {
    for (Node node : nodes) {
      if (DOMAINS.contains(node.domain()) && model.function(node).isEmpty()) {
        into.add(node.operator());
      }
      for (Attribute attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Subgraph(Graph graph, Place _)) {
          collect(model, graph.nodes(), into);
        }
      }
    }
  }
}
