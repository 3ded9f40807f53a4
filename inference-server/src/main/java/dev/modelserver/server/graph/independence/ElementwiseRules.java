package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.List;
import java.util.Map;

/** Operators that compute each element of their output from the elements at the same place. */
final class ElementwiseRules {

  /** All inputs are stretched to one shape. */
  private static final List<String> BROADCASTING =
      List.of(
          "Add",
          "And",
          "BitShift",
          "BitwiseAnd",
          "BitwiseOr",
          "BitwiseXor",
          "Clip",
          "Div",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Max",
          "Mean",
          "Min",
          "Mod",
          "Mul",
          "Or",
          "PRelu",
          "Pow",
          "StringConcat",
          "Sub",
          "Sum",
          "Where",
          "Xor");

  /** The output is like the first input, and the others do not matter or are settings. */
  private static final List<String> UNARY =
      List.of(
          "Abs",
          "Acos",
          "Acosh",
          "Asin",
          "Asinh",
          "Atan",
          "Atanh",
          "BitwiseNot",
          "Cast",
          "CastLike",
          "Ceil",
          "Celu",
          "Cos",
          "Cosh",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "IsInf",
          "IsNaN",
          "LeakyRelu",
          "Log",
          "Mish",
          "Neg",
          "Not",
          "Reciprocal",
          "RegexFullMatch",
          "Relu",
          "Round",
          "Selu",
          "Shrink",
          "Sigmoid",
          "Sign",
          "Sin",
          "Sinh",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Swish",
          "Tan",
          "Tanh",
          "ThresholdedRelu");

  private ElementwiseRules() {}

  static void addTo(Map<String, Rule> rules) {
    BROADCASTING.forEach(operator -> rules.put(operator, ElementwiseRules::broadcast));
    UNARY.forEach(operator -> rules.put(operator, ElementwiseRules::first));
    rules.put("Identity", call -> List.of(call.value(0)));
    rules.put("Dropout", ElementwiseRules::dropout);
    for (String operator : List.of("Gelu", "QuickGelu", "FastGelu", "BiasGelu")) {
      rules.put(Operators.key(Operators.MICROSOFT, operator), ElementwiseRules::broadcast);
    }
  }

  private static List<RowValue> broadcast(Call call) throws RowsMixException {
    return List.of(Broadcast.of(call.tensors(), call.symbols()));
  }

  static List<RowValue> first(Call call) throws RowsMixException {
    return List.of(new Tensor(call.tensor(0).dims(), null));
  }

  private static List<RowValue> dropout(Call call) throws RowsMixException {
    boolean trains =
        call.has(2) && !call.integers(2).map(list -> list.getFirst() == 0).orElse(false);
    if (trains || call.node().integer("training_mode", 0) != 0) {
      throw new RowsMixException("drops values by chance");
    }
    Tensor output = new Tensor(call.tensor(0).dims(), null);
    return List.of(output, output);
  }
}
