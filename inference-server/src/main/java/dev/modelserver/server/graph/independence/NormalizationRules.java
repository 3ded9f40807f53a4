package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operators that subtract a mean and divide by a deviation. */
final class NormalizationRules {

  private static final String OVER_ROWS = "computes its mean over the rows";

  private NormalizationRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("BatchNormalization", NormalizationRules::batch);
    rules.put("InstanceNormalization", NormalizationRules::sample);
    rules.put("GroupNormalization", NormalizationRules::sample);
    rules.put("LRN", NormalizationRules::sample);
    rules.put("MeanVarianceNormalization", NormalizationRules::meanVariance);
    for (String operator :
        List.of("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization")) {
      rules.put(operator, NormalizationRules::layer);
    }
    rules.put(Operators.key(Operators.MICROSOFT, "LayerNormalization"), NormalizationRules::layer);
    rules.put(
        Operators.key(Operators.MICROSOFT, "SkipLayerNormalization"), NormalizationRules::skip);
    rules.put(
        Operators.key(Operators.MICROSOFT, "SkipSimplifiedLayerNormalization"),
        NormalizationRules::skip);
    rules.put(Operators.key(Operators.MICROSOFT, "GroupNorm"), NormalizationRules::sample);
  }

  private static List<RowValue> batch(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    call.fixed("weights", 1, 2, 3, 4);
    boolean trains =
        call.opset() < 14
            ? call.node().outputs().stream().filter(name -> !name.isEmpty()).count() > 1
            : call.node().integer("training_mode", 0) != 0;
    if (trains || call.opset() < 7) {
      throw new RowsMixException("computes its mean over all rows: it is exported for training");
    }
    if (from.rowAxis() == 1) {
      throw new RowsMixException("takes the axis of the rows for channels");
    }
    return List.of(new Tensor(from.dims(), null));
  }

  /** Over each sample of the first axis alone. */
  private static List<RowValue> sample(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    call.fixed("weights", 1, 2);
    Call.requireRowsAlong(0, from);
    return List.of(new Tensor(from.dims(), null));
  }

  private static List<RowValue> meanVariance(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.hasRows()) {
      List<Long> axes = call.node().integers("axes").orElse(List.of(0L, 2L, 3L));
      if (Call.axes(axes, Call.dims(from).size()).contains(from.rowAxis())) {
        throw new RowsMixException(OVER_ROWS);
      }
    }
    return List.of(new Tensor(from.dims(), null));
  }

  private static List<RowValue> layer(Call call) throws RowsMixException {
    return normalized(call, call.tensor(0), call.node().integer("axis", -1), 1, 2);
  }

  /** The sum of two inputs over the last axis; the fourth output is the sum. */
  private static List<RowValue> skip(Call call) throws RowsMixException {
    Tensor sum = Broadcast.of(List.of(call.tensor(0), call.tensor(1)), call.symbols());
    List<RowValue> outputs = new ArrayList<>(normalized(call, sum, -1, 2, 3, 4));
    outputs.add(sum);
    return outputs;
  }

  private static List<RowValue> normalized(Call call, Tensor from, long first, int... weights)
      throws RowsMixException {
    List<Tensor> all = new ArrayList<>(List.of(from));
    for (int weight : weights) {
      if (call.has(weight)) {
        all.add(call.fixed(weight, "weights"));
      }
    }
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from);
    int axis = Call.axis(first, dims.size());
    if (from.rowAxis() >= axis) {
      throw new RowsMixException(OVER_ROWS);
    }
    // weights that would be stretched over the rows, or give each row its own
    var _ = Broadcast.of(all, call.symbols());
    List<Dim> statistics = new ArrayList<>(dims);
    for (int i = axis; i < dims.size(); i++) {
      statistics.set(i, Dim.ONE);
    }
    Tensor statistic = Call.tensor(statistics);
    return List.of(Tensor.of(dims), statistic, statistic);
  }
}
