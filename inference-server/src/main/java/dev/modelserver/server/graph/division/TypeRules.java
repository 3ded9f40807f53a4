package dev.modelserver.server.graph.division;

import dev.modelserver.server.graph.Attribute;
import dev.modelserver.server.graph.Constant;
import dev.modelserver.server.graph.Node;
import java.util.List;
import java.util.Set;

/** What the outputs of operators are, as far as divisions depend on it. */
final class TypeRules {

  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int STRING = 8;
  private static final int BOOL = 9;

  /** Numbers from 0 on: sizes and places. */
  private static final Set<String> COUNTING =
      Set.of("Shape", "Size", "NonZero", "ArgMax", "ArgMin", "SequenceLength");

  private static final Set<String> CONDITIONS =
      Set.of(
          "Equal",
          "Greater",
          "Less",
          "GreaterOrEqual",
          "LessOrEqual",
          "And",
          "Or",
          "Xor",
          "Not",
          "IsNaN",
          "IsInf",
          "OptionalHasElement",
          "RegexFullMatch");

  /** Elements of the first input and no others. */
  private static final Set<String> MOVING =
      Set.of(
          "Identity",
          "Gather",
          "GatherElements",
          "GatherND",
          "Slice",
          "Squeeze",
          "Unsqueeze",
          "Reshape",
          "Flatten",
          "Transpose",
          "Expand",
          "Tile",
          "Split",
          "SequenceAt",
          "SplitToSequence",
          "ConcatFromSequence");

  private static final Set<String> JOINING =
      Set.of("Concat", "SequenceConstruct", "SequenceInsert", "Min");

  /** Classic operators that give floats whatever they are given. */
  private static final Set<String> CLASSIC_FLOATS =
      Set.of(
          "FeatureVectorizer",
          "LinearRegressor",
          "Normalizer",
          "OneHotEncoder",
          "SVMRegressor",
          "Scaler",
          "TreeEnsembleRegressor");

  private TypeRules() {}

  /**
   * The facts of one output of a node without a graph inside.
   *
   * @param inputs facts of its inputs, as many; unknown for one that is left out
   * @param index of the output
   */
  static ValueFacts output(Node node, List<ValueFacts> inputs, int index) {
    if (node.domain().equals(Node.ML)) {
      return classic(node, inputs, index);
    }
    ValueFacts first = input(inputs, 0);
    if (!node.domain().isEmpty()) {
      // Operators of others that take floats give floats, nearly all of them.
      return first.isFloat() ? ValueFacts.of(first.type()) : ValueFacts.UNKNOWN;
    }
    String operator = node.operator();
    if (COUNTING.contains(operator)) {
      return ValueFacts.counting(ValueFacts.INT64);
    }
    if (CONDITIONS.contains(operator)) {
      return ValueFacts.counting(BOOL);
    }
    if (JOINING.contains(operator)) {
      return inputs.stream().reduce(ValueFacts::or).orElse(ValueFacts.UNKNOWN);
    }
    if (MOVING.contains(operator)) {
      return first;
    }
    return standard(node, inputs, index);
  }

  private static ValueFacts standard(Node node, List<ValueFacts> inputs, int index) {
    ValueFacts first = input(inputs, 0);
    return switch (node.operator()) {
      case "Constant" -> node.constant().map(ValueFacts::of).orElse(ValueFacts.UNKNOWN);
      case "ConstantOfShape" ->
          node.attributes().get("value") instanceof Attribute.Tensor(Constant value)
              ? ValueFacts.of(value)
              : ValueFacts.counting(FLOAT);
      case "Cast" -> cast(first, (int) node.integer("to", 0));
      case "CastLike" -> cast(first, input(inputs, 1).type());
      case "Max" -> inputs.stream().reduce(ValueFacts::max).orElse(ValueFacts.UNKNOWN);
      case "Clip" -> {
        ValueFacts atLeast = first.max(input(inputs, 1));
        yield inputs.size() > 2 ? atLeast.or(input(inputs, 2)) : atLeast;
      }
      case "Add", "Sub", "Mul", "Div", "Mod" -> ValueFacts.of(first.or(input(inputs, 1)).type());
      case "Where" -> input(inputs, 1).or(input(inputs, 2));
      case "OneHot" -> input(inputs, 2);
      case "Pad" -> inputs.size() > 2 ? first.or(input(inputs, 2)) : first;
      case "TopK", "MaxPool" -> index == 0 ? first : ValueFacts.counting(ValueFacts.INT64);
      case "Unique" -> index == 0 ? first : ValueFacts.counting(ValueFacts.INT64);
      case "Dropout" -> index == 0 ? first : ValueFacts.counting(BOOL);
      case "MatMulInteger", "ConvInteger" -> ValueFacts.of(ValueFacts.INT32);
      case "DequantizeLinear" -> ValueFacts.of(input(inputs, 1).type());
      case "QuantizeLinear" ->
          inputs.size() > 2
              ? ValueFacts.of(input(inputs, 2).type())
              : declared(node, "output_dtype", UINT8);
      case "DynamicQuantizeLinear" -> ValueFacts.of(index == 1 ? FLOAT : UINT8);
      case "QLinearMatMul", "QLinearConv" -> ValueFacts.of(input(inputs, 7).type());
      case "NonMaxSuppression", "StringSplit" ->
          index == 0 && node.operator().equals("StringSplit")
              ? ValueFacts.of(STRING)
              : ValueFacts.counting(ValueFacts.INT64);
      case "Multinomial" -> declared(node, "dtype", ValueFacts.INT32);
      case "RandomNormal", "RandomUniform", "SequenceEmpty" -> declared(node, "dtype", FLOAT);
      case "EyeLike", "RandomNormalLike", "RandomUniformLike", "Bernoulli" ->
          declared(node, "dtype", first.type());
      case "BlackmanWindow", "HammingWindow", "HannWindow", "MelWeightMatrix" ->
          declared(node, "output_datatype", FLOAT);
      case "TfIdfVectorizer" -> ValueFacts.of(FLOAT);
      // The others compute in the type of their first input.
      default -> ValueFacts.of(first.type());
    };
  }

  private static ValueFacts classic(Node node, List<ValueFacts> inputs, int index) {
    if (CLASSIC_FLOATS.contains(node.operator())) {
      return ValueFacts.of(FLOAT);
    }
    return switch (node.operator()) {
      case "ArrayFeatureExtractor", "Imputer", "Binarizer" -> input(inputs, 0);
      case "LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier" ->
          ValueFacts.of(
              index > 0
                  ? FLOAT
                  : node.texts("classlabels_strings").isPresent() ? STRING : ValueFacts.INT64);
      default -> ValueFacts.UNKNOWN;
    };
  }

  /** Only a type that holds more keeps the numbers as they are. */
  private static ValueFacts cast(ValueFacts from, int to) {
    boolean kept =
        from.type() == to || (to == ValueFacts.INT64 && !from.isFloat() && from.type() != 0);
    return kept && !from.negative() ? from.as(to) : from.type() == to ? from : ValueFacts.of(to);
  }

  private static ValueFacts declared(Node node, String attribute, int otherwise) {
    long type = node.integer(attribute, 0);
    return ValueFacts.of(type == 0 ? otherwise : (int) type);
  }

  private static ValueFacts input(List<ValueFacts> inputs, int index) {
    return index < inputs.size() ? inputs.get(index) : ValueFacts.UNKNOWN;
  }
}
