package dev.modelserver.server.graph;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

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
    return of(model, node -> model.function(node).isEmpty());
  }

  /**
   * The names of all nodes in these domains, calls of the model's own functions among them: a name
   * that the library has too may mean either to ONNX Runtime.
   */
  public static Set<String> named(ModelGraph model) {
    return of(model, _ -> true);
  }

  private static Set<String> of(ModelGraph model, Predicate<Node> counts) {
    Set<String> found = new TreeSet<>();
    collect(model.main().nodes(), counts, found);
    model.functions().values().forEach(function -> collect(function.nodes(), counts, found));
    return found;
  }

  private static void collect(List<Node> nodes, Predicate<Node> counts, Set<String> into) {
    for (Node node : nodes) {
      if (DOMAINS.contains(node.domain()) && counts.test(node)) {
        into.add(node.operator());
      }
      for (Attribute attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Subgraph(Graph graph, Place _)) {
          collect(graph.nodes(), counts, into);
        }
      }
    }
  }
}
