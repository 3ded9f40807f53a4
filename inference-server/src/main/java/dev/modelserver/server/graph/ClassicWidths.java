package dev.modelserver.server.graph;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the classic machine learning operators say about the width of their rows. */
final class ClassicWidths {

  /** Operators that compute each element of the first output from that of the first input. */
  private static final Set<String> ELEMENTWISE = Set.of("Binarizer", "LabelEncoder", "Normalizer");

  private ClassicWidths() {}

  /**
   * What {@code node} says about its input at {@code index}, which has {@code rank} axes (0: not
   * known).
   */
  static WidthRule of(GraphScope scope, Node node, int index, int rank) {
    if (node.operator().equals("FeatureVectorizer")) {
      List<Long> sizes = node.integers("inputdimensions").orElse(List.of());
      return WidthRule.exactly(index < sizes.size() ? sizes.get(index) : 0);
    }
    if (index > 0) {
      return WidthRule.OPEN;
    }
    return switch (node.operator()) {
      case "LinearClassifier" ->
          WidthRule.exactly(quotient(count(node, "coefficients"), classes(node)));
      case "LinearRegressor" ->
          WidthRule.exactly(quotient(count(node, "coefficients"), node.integer("targets", 1)));
      case "SVMClassifier" ->
          svm(node, sum(node.integers("vectors_per_class").orElse(List.of())), classes(node));
      case "SVMRegressor" -> svm(node, node.integer("n_supports", 0), 1);
      case "Scaler" -> vector(Math.max(count(node, "offset"), count(node, "scale")), rank);
      case "Imputer" ->
          vector(count(node, "imputed_value_floats") + count(node, "imputed_value_int64s"), rank);
      case "TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble" ->
          WidthRule.atLeast(largestFeature(node) + 1);
      case "ArrayFeatureExtractor" -> indices(scope.integers(node.input(1)));
      default -> ELEMENTWISE.contains(node.operator()) ? new WidthRule.Same(rank) : WidthRule.OPEN;
    };
  }

  /** A kernel over support vectors, or without any a linear one. */
  private static WidthRule svm(Node node, long vectors, long groups) {
    return WidthRule.exactly(
        vectors > 0
            ? quotient(count(node, "support_vectors"), vectors)
            : quotient(count(node, "coefficients"), groups));
  }

  /** A list with a value for each entry, or with one for all of them. */
  private static WidthRule vector(long count, int rank) {
    return count > 1 ? WidthRule.exactly(count) : new WidthRule.Same(rank);
  }

  /** Entries that are picked by their positions, some of them from the end. */
  static WidthRule indices(Optional<List<Long>> indices) {
    return WidthRule.atLeast(
        indices.orElse(List.of()).stream()
            .mapToLong(index -> index >= 0 ? index + 1 : -index)
            .max()
            .orElse(0));
  }

  /** The last feature that a tree compares; leaves compare none, whatever number they carry. */
  private static long largestFeature(Node node) {
    if (!(node.attributes().get("nodes_featureids") instanceof Attribute.Integers features)) {
      return -1;
    }
    List<Long> ids = features.values();
    List<String> modes = node.texts("nodes_modes").orElse(List.of());
    if (ids == null || modes.size() != ids.size()) {
      return features.most();
    }
    long most = -1;
    for (int i = 0; i < ids.size(); i++) {
      most = modes.get(i).equals("LEAF") ? most : Math.max(most, ids.get(i));
    }
    return most;
  }

  /** ONNX Runtime counts the intercepts. */
  private static long classes(Node node) {
    long intercepts = count(node, "intercepts");
    return intercepts > 0
        ? intercepts
        : Math.max(count(node, "classlabels_ints"), count(node, "classlabels_strings"));
  }

  private static long count(Node node, String attribute) {
    return switch (node.attributes().get(attribute)) {
      case Attribute.Numbers list -> list.count();
      case Attribute.Integers list -> list.count();
      case Attribute.Texts list -> list.count();
      case null, default -> 0;
    };
  }

  private static long quotient(long all, long groups) {
    return groups > 0 && all % groups == 0 ? all / groups : 0;
  }

  static long sum(List<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }
}
