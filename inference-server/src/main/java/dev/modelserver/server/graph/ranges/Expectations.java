package dev.modelserver.server.graph.ranges;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.ranges.InputRanges.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a node tells of the values that it expects. */
final class Expectations {

  /** What decides how large something becomes, or how often it is computed. */
  private static final Map<String, List<Integer>> COUNTS =
      Map.of(
          "Range", List.of(0, 1, 2),
          "ConstantOfShape", List.of(0),
          "Expand", List.of(1),
          "Tile", List.of(1),
          "Reshape", List.of(1),
          "TopK", List.of(1),
          "Loop", List.of(0),
          "Resize", List.of(2, 3),
          "Upsample", List.of(1));

  /** Twice the deviation on both sides has nearly all values. */
  private static final int DEVIATIONS = 2;

  /** Texts that are numbers of every type. */
  private static final List<String> NUMBERS = List.of("0", "1", "2", "3", "10");

  private Expectations() {}

  /**
   * What is expected of an input of the node.
   *
   * @param input its index
   * @param column along the last axis; -1: all
   */
  record Expected(int input, int column, ColumnRange range) {}

  static List<Expected> of(Node node, Scope scope) {
    return switch (node.domain()) {
      case "" -> plain(node, scope);
      case Node.ML -> ml(node);
      case "com.microsoft" ->
          node.operator().equals("EmbedLayerNormalization")
              ? List.of(
                  new Expected(0, -1, indices(scope, node.input(2), 0)),
                  new Expected(1, -1, indices(scope, node.input(4), 0)))
              : List.of();
      default -> List.of();
    };
  }

  private static List<Expected> plain(Node node, Scope scope) {
    List<Integer> counts = COUNTS.get(node.operator());
    if (counts != null) {
      return counts.stream()
          .map(input -> new Expected(input, -1, ColumnRange.wholeNumbers(1, 1)))
          .toList();
    }
    return switch (node.operator()) {
      case "Gather" ->
          List.of(new Expected(1, -1, indices(scope, node.input(0), node.integer("axis", 0))));
      case "OneHot" ->
          List.of(
              new Expected(0, -1, below(scope, node.input(1))),
              new Expected(1, -1, ColumnRange.wholeNumbers(1, 1)));
      case "RNN", "GRU", "LSTM" -> List.of(new Expected(4, -1, ColumnRange.wholeNumbers(1, 1)));
      case "ReverseSequence" -> List.of(new Expected(1, -1, ColumnRange.wholeNumbers(1, 1)));
      case "QuantizeLinear" -> quantized(node, scope);
      case "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual" ->
          List.of(
              new Expected(0, -1, points(scope, node.input(1))),
              new Expected(1, -1, points(scope, node.input(0))));
      case "Clip" ->
          List.of(
              new Expected(0, -1, points(scope, node.input(1)).and(points(scope, node.input(2)))));
      case "Sub" -> List.of(new Expected(0, -1, points(scope, node.input(1))));
      case "Div" -> List.of(new Expected(0, -1, points(scope, node.input(1))));
      case "TfIdfVectorizer" -> vocabulary(node);
      // where it is a text: one that is no number is refused
      case "Cast" ->
          node.integer("to", Constant.STRING) == Constant.STRING
              ? List.of()
              : List.of(new Expected(0, -1, ColumnRange.words(NUMBERS)));
      default -> List.of();
    };
  }

  private static ColumnRange indices(Scope scope, String table, long axis) {
    Optional<Constant> constant = scope.constant(table);
    if (constant.isEmpty()) {
      return ColumnRange.ANY;
    }
    List<Long> dims = constant.get().dims();
    int counted = (int) (axis < 0 ? axis + dims.size() : axis);
    return counted < 0 || counted >= dims.size()
        ? ColumnRange.ANY
        : ColumnRange.wholeNumbers(0, dims.get(counted) - 1);
  }

  private static ColumnRange below(Scope scope, String name) {
    return scope
        .constant(name)
        .flatMap(Constant::integers)
        .filter(list -> list.size() == 1)
        .map(list -> ColumnRange.wholeNumbers(0, list.getFirst() - 1))
        .orElse(ColumnRange.ANY);
  }

  private static ColumnRange points(Scope scope, String name) {
    Optional<Constant> constant = scope.constant(name);
    List<Double> points = new ArrayList<>();
    constant.flatMap(Constant::floats).ifPresent(points::addAll);
    constant
        .flatMap(Constant::integers)
        .ifPresent(list -> list.forEach(value -> points.add((double) value)));
    return ColumnRange.points(points);
  }

  private static List<Expected> quantized(Node node, Scope scope) {
    Optional<Double> scale =
        scope
            .constant(node.input(1))
            .flatMap(Constant::floats)
            .filter(list -> list.size() == 1)
            .map(List::getFirst);
    if (scale.isEmpty()) {
      return List.of();
    }
    Optional<Constant> zero = scope.constant(node.input(2));
    long at =
        zero.flatMap(Constant::integers)
            .filter(list -> list.size() == 1)
            .map(List::getFirst)
            .orElse(0L);
    boolean signed = zero.map(constant -> constant.type() == Constant.INT8).orElse(false);
    long least = signed ? Byte.MIN_VALUE : 0;
    double low = (least - at) * scale.get();
    double high = (least + 255 - at) * scale.get();
    return List.of(new Expected(0, -1, ColumnRange.points(List.of(low, high))));
  }

  private static List<Expected> vocabulary(Node node) {
    List<String> words = node.texts("pool_strings").orElse(List.of());
    List<Long> numbers = node.integers("pool_int64s").orElse(List.of());
    return List.of(
        new Expected(0, -1, ColumnRange.words(words)),
        new Expected(0, -1, ColumnRange.keys(numbers)));
  }

  private static List<Expected> ml(Node node) {
    return switch (node.operator()) {
      case "OneHotEncoder" -> categories(node, "cats_int64s", "cats_strings");
      case "LabelEncoder" -> categories(node, "keys_int64s", "keys_strings");
      case "CategoryMapper" -> categories(node, "cats_int64s", "cats_strings");
      case "Binarizer" ->
          List.of(new Expected(0, -1, ColumnRange.points(number(node, "threshold"))));
      case "Imputer" ->
          List.of(new Expected(0, -1, ColumnRange.points(numbers(node, "imputed_value_floats"))));
      case "Scaler" -> scaled(node);
      case "TreeEnsembleClassifier", "TreeEnsembleRegressor" ->
          thresholds(node, "nodes_featureids", "nodes_values");
      default -> List.of();
    };
  }

  private static List<Expected> categories(Node node, String integers, String texts) {
    return List.of(
        new Expected(0, -1, ColumnRange.keys(node.integers(integers).orElse(List.of()))),
        new Expected(0, -1, ColumnRange.words(node.texts(texts).orElse(List.of()))));
  }

  private static List<Double> numbers(Node node, String attribute) {
    return node.attributes().get(attribute) instanceof Attribute.Numbers list
            && list.values() != null
        ? list.values()
        : List.of();
  }

  private static List<Double> number(Node node, String attribute) {
    return node.attributes().get(attribute) instanceof Attribute.FloatNumber(double value)
        ? List.of(value)
        : List.of();
  }

  /** The offset is the mean of each column, and the scale one by its deviation. */
  private static List<Expected> scaled(Node node) {
    List<Double> offsets = numbers(node, "offset");
    List<Double> scales = numbers(node, "scale");
    List<Expected> expected = new ArrayList<>();
    for (int column = 0; column < Math.min(offsets.size(), scales.size()); column++) {
      double mean = offsets.get(column);
      double reach = scales.get(column) == 0 ? 1 : DEVIATIONS / scales.get(column);
      expected.add(
          new Expected(
              0,
              offsets.size() == 1 ? -1 : column,
              ColumnRange.points(List.of(mean - reach, mean, mean + reach))));
    }
    return expected;
  }

  private static List<Expected> thresholds(Node node, String features, String values) {
    List<Long> columns = node.integers(features).orElse(List.of());
    List<Double> thresholds = numbers(node, values);
    List<String> modes = node.texts("nodes_modes").orElse(List.of());
    Map<Long, List<Double>> byColumn = new TreeMap<>();
    for (int i = 0; i < Math.min(columns.size(), thresholds.size()); i++) {
      if (i < modes.size() && modes.get(i).equals("LEAF")) {
        // It has no threshold: what stands in its place is nothing.
        continue;
      }
      List<Double> known = byColumn.computeIfAbsent(columns.get(i), column -> new ArrayList<>());
      if (known.size() < ColumnRange.MAX_VALUES) {
        known.add(thresholds.get(i));
      }
    }
    List<Expected> expected = new ArrayList<>();
    byColumn.forEach(
        (column, list) ->
            expected.add(new Expected(0, (int) (long) column, ColumnRange.points(list))));
    return expected;
  }
}
