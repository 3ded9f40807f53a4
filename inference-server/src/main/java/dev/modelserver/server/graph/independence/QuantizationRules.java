package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Integers in place of floats: with scales from the file rows stay apart. */
final class QuantizationRules {

  private static final String DYNAMIC = "computes its scale over all rows";

  private QuantizationRules() {}

  static void addTo(Map<String, Rule> rules) {
    for (String domain : List.of("", Operators.MICROSOFT)) {
      rules.put(Operators.key(domain, "QuantizeLinear"), QuantizationRules::linear);
      rules.put(Operators.key(domain, "DequantizeLinear"), QuantizationRules::linear);
    }
    rules.put("DynamicQuantizeLinear", QuantizationRules::dynamic);
    rules.put(microsoft("DynamicQuantizeLSTM"), QuantizationRules::dynamic);
    rules.put(microsoft("DynamicQuantizeMatMul"), QuantizationRules::dynamic);
    rules.put(microsoft("MatMulIntegerToFloat"), QuantizationRules::toFloat);
    rules.put(microsoft("QGemm"), QuantizationRules::gemm);
    for (String operator : List.of("QLinearAdd", "QLinearMul")) {
      rules.put(microsoft(operator), QuantizationRules::pair);
    }
    for (String operator : List.of("QLinearSigmoid", "QLinearLeakyRelu")) {
      rules.put(microsoft(operator), QuantizationRules::single);
    }
    rules.put(microsoft("QLinearSoftmax"), QuantizationRules::softmax);
    rules.put(microsoft("QLinearConcat"), QuantizationRules::concat);
  }

  private static String microsoft(String operator) {
    return Operators.key(Operators.MICROSOFT, operator);
  }

  private static List<RowValue> linear(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Tensor scale = call.fixed(1, "scales");
    call.fixed("zero points", 2);
    if (from.hasRows()) {
      List<Dim> dims = Call.dims(from);
      List<Dim> scales = Call.dims(scale);
      boolean perTensor = scales.stream().allMatch(dim -> dim.is(1));
      int axis =
          scales.size() == 1
              ? Call.axis(call.node().integer("axis", 1), dims.size())
              : from.rowAxis();
      boolean perRow =
          scales.size() == 1
              ? axis == from.rowAxis()
              : scales.size() == dims.size() && !scales.get(from.rowAxis()).is(1);
      if (!perTensor && perRow) {
        throw new RowsMixException("has a scale for each row");
      }
    }
    return List.of(new Tensor(from.dims(), null));
  }

  private static List<RowValue> dynamic(Call call) throws RowsMixException {
    for (Tensor input : call.tensors()) {
      if (input.hasRows()) {
        throw new RowsMixException(DYNAMIC);
      }
    }
    return List.of(Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE);
  }

  private static List<RowValue> toFloat(Call call) throws RowsMixException {
    call.fixed("scales", 2, 3, 4, 5);
    Tensor product = ProductRules.product(call, call.tensor(0), call.tensor(1));
    return List.of(
        call.has(6) ? Broadcast.of(List.of(product, call.tensor(6)), call.symbols()) : product);
  }

  /** A, its scale and zero point, B, its scale and zero point, C, scale and zero point of Y. */
  private static List<RowValue> gemm(Call call) throws RowsMixException {
    call.fixed("scales", 1, 2, 4, 5, 6, 7, 8);
    if (call.node().integer("transA", 0) != 0) {
      throw new RowsMixException("turns its input");
    }
    List<Dim> weights = new ArrayList<>(Call.dims(call.fixed(3, "weights")));
    if (call.node().integer("transB", 0) != 0) {
      weights = weights.reversed();
    }
    return List.of(ProductRules.product(call, call.tensor(0), Tensor.of(weights)));
  }

  private static List<RowValue> pair(Call call) throws RowsMixException {
    call.fixed("scales", 1, 2, 4, 5, 6, 7);
    return List.of(Broadcast.of(List.of(call.tensor(0), call.tensor(3)), call.symbols()));
  }

  private static List<RowValue> single(Call call) throws RowsMixException {
    call.fixed("scales", 1, 2, 3, 4);
    return List.of(new Tensor(call.tensor(0).dims(), null));
  }

  private static List<RowValue> softmax(Call call) throws RowsMixException {
    call.fixed("scales", 1, 2, 3, 4);
    Tensor from = call.tensor(0);
    if (from.hasRows()) {
      int axis = Call.axis(call.node().integer("axis", -1), Call.dims(from).size());
      boolean mixes =
          call.node().integer("opset", 13) < 13 ? from.rowAxis() >= axis : from.rowAxis() == axis;
      if (mixes) {
        throw new RowsMixException("computes over all rows");
      }
    }
    return List.of(new Tensor(from.dims(), null));
  }

  /** Scale and zero point of Y, and of each input behind it. */
  private static List<RowValue> concat(Call call) throws RowsMixException {
    List<Tensor> parts = new ArrayList<>();
    for (int input = 0; input < call.count(); input++) {
      if (input >= 2 && (input - 2) % 3 == 0) {
        parts.add(call.tensor(input));
      } else {
        call.fixed("scales", input);
      }
    }
    return List.of(ShapeRules.joined(parts, call.node().integer("axis", 0), call.symbols()));
  }
}
