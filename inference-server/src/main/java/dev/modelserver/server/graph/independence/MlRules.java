package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Node;
import dev.modelserver.server.graph.independence.RowValue.Maps;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The classic machine learning operators. Most take [rows, columns]; what has one axis is to them
 * one row.
 */
final class MlRules {

  private static final String ONE_ROW = "takes its input, which has one axis, for one row";

  private MlRules() {}

  static void addTo(Map<String, Rule> rules) {
    for (String operator : List.of("Binarizer", "CategoryMapper", "LabelEncoder")) {
      rules.put(ml(operator), ElementwiseRules::first);
    }
    for (String operator : List.of("Imputer", "Normalizer", "Scaler")) {
      rules.put(ml(operator), call -> List.of(matrix(call, 0)));
    }
    for (String operator : List.of("LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier")) {
      rules.put(ml(operator), MlRules::classifier);
    }
    for (String operator :
        List.of("LinearRegressor", "SVMRegressor", "TreeEnsembleRegressor", "TreeEnsemble")) {
      rules.put(ml(operator), MlRules::regressor);
    }
    rules.put(ml("OneHotEncoder"), MlRules::oneHot);
    rules.put(ml("FeatureVectorizer"), MlRules::vectorizer);
    rules.put(ml("ArrayFeatureExtractor"), MlRules::extractor);
    rules.put(ml("ZipMap"), MlRules::zipMap);
    rules.put("TfIdfVectorizer", MlRules::tfIdf);
    rules.put("StringNormalizer", MlRules::normalizer);
  }

  private static String ml(String operator) {
    return Operators.key(Node.ML, operator);
  }

  /** An input of rows and columns. */
  private static Tensor matrix(Call call, int input) throws RowsMixException {
    Tensor from = call.tensor(input);
    if (from.hasRows()) {
      if (Call.dims(from).size() == 1) {
        throw new RowsMixException(ONE_ROW);
      }
      if (Call.dims(from).size() != 2) {
        throw new RowsMixException("takes an input that does not have 2 axes");
      }
      Call.requireRowsAlong(0, from);
    }
    return new Tensor(from.dims(), null);
  }

  private static List<RowValue> classifier(Call call) throws RowsMixException {
    Tensor from = matrix(call, 0);
    if (from.dims() == null || !from.hasRows()) {
      return List.of(Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE);
    }
    Dim rows = Call.dims(from).getFirst();
    int labels =
        Math.max(
            Math.max(length(call, "classlabels_ints"), length(call, "classlabels_int64s")),
            length(call, "classlabels_strings"));
    // a support vector machine may give a score for each pair of classes
    boolean oneEach = labels > 1 && !call.node().isMl("SVMClassifier");
    Dim classes = oneEach ? Dim.of(labels) : call.symbols().freshSize();
    return List.of(Call.tensor(List.of(rows)), Call.tensor(List.of(rows, classes)));
  }

  private static int length(Call call, String attribute) {
    return switch (call.node().attributes().get(attribute)) {
      case Attribute.Integers list -> list.count();
      case Attribute.Texts list -> list.count();
      case null, default -> 0;
    };
  }

  private static List<RowValue> regressor(Call call) throws RowsMixException {
    Tensor from = matrix(call, 0);
    if (from.dims() == null || !from.hasRows()) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    long targets =
        switch (call.node().operator()) {
          case "LinearRegressor" -> call.node().integer("targets", 1);
          case "SVMRegressor" -> 1;
          default -> call.node().integer("n_targets", 1);
        };
    return List.of(Call.tensor(List.of(Call.dims(from).getFirst(), Dim.of(targets))));
  }

  private static List<RowValue> oneHot(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> to = new ArrayList<>(Call.dims(from));
    int categories = Math.max(length(call, "cats_int64s"), length(call, "cats_strings"));
    to.add(categories > 0 ? Dim.of(categories) : call.symbols().freshSize());
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> vectorizer(Call call) throws RowsMixException {
    List<Tensor> parts = new ArrayList<>();
    for (int input = 0; input < call.count(); input++) {
      parts.add(matrix(call, input));
    }
    if (parts.stream().noneMatch(Tensor::hasRows)) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    return List.of(ShapeRules.joined(parts, 1, call.symbols()));
  }

  /** Columns of X, as many as there are numbers in Y. */
  private static List<RowValue> extractor(Call call) throws RowsMixException {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    if (!data.hasRows() && !indices.hasRows()) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> to = new ArrayList<>(Call.dims(data));
    if (to.isEmpty() || to.getLast().rows()) {
      throw new RowsMixException("picks rows by their position");
    }
    if (to.size() == 1) {
      to.addFirst(Dim.ONE);
    }
    List<Dim> flat = List.of(Dim.product(Call.dims(indices)));
    to.set(to.size() - 1, Call.dims(ReshapeRules.kept(indices, flat)).getFirst());
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> zipMap(Call call) throws RowsMixException {
    Tensor from = matrix(call, 0);
    if (!from.hasRows() || !Call.dims(from).getFirst().equals(Dim.ROWS)) {
      throw new RowsMixException("makes not one map of each row");
    }
    return List.of(new Maps());
  }

  private static List<RowValue> tfIdf(Call call) throws RowsMixException {
    Tensor from = matrix(call, 0);
    if (from.dims() == null || !from.hasRows()) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    Dim columns =
        call.node().attributes().get("ngram_indexes") instanceof Attribute.Integers list
            ? Dim.of(list.most() + 1)
            : call.symbols().freshSize();
    return List.of(Call.tensor(List.of(Call.dims(from).getFirst(), columns)));
  }

  /** Words that are left out make the output shorter. */
  private static List<RowValue> normalizer(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.hasRows()) {
      if (call.node().attributes().containsKey("stopwords")) {
        throw new RowsMixException("leaves out some of the rows");
      }
      if (Call.dims(from).size() != 1) {
        throw new RowsMixException(ONE_ROW);
      }
    }
    return List.of(new Tensor(from.dims(), null));
  }
}
