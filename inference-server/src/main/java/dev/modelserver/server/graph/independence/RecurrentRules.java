package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.List;
import java.util.Map;

/** RNN, GRU and LSTM: each sample of the batch axis goes through the weights by itself. */
final class RecurrentRules {

  private RecurrentRules() {}

  static void addTo(Map<String, Rule> rules) {
    for (String operator : List.of("RNN", "GRU", "LSTM")) {
      rules.put(operator, RecurrentRules::apply);
    }
  }

  private static List<RowValue> apply(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    call.fixed("weights", 1, 2, 3, 7);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE, Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(from);
    boolean batchFirst = call.node().integer("layout", 0) != 0;
    int batch = batchFirst ? 0 : 1;
    if (dims.size() != 3) {
      throw new RowsMixException("takes an input that does not have 3 axes");
    }
    Call.requireRowsAlong(batch, from);
    Dim samples = dims.get(batch);
    requireSamples(call, 4, 0, samples);
    requireSamples(call, 5, batch, samples);
    requireSamples(call, 6, batch, samples);
    Dim steps = dims.get(1 - batch);
    boolean both = call.node().text("direction", "forward").equals("bidirectional");
    Dim directions = Dim.of(both ? 2 : 1);
    Dim hidden = Dim.of(call.node().integer("hidden_size", 0));
    Tensor all =
        batchFirst
            ? Call.tensor(List.of(samples, steps, directions, hidden))
            : Call.tensor(List.of(steps, directions, samples, hidden));
    Tensor last =
        batchFirst
            ? Call.tensor(List.of(samples, directions, hidden))
            : Call.tensor(List.of(directions, samples, hidden));
    return List.of(all, last, last);
  }

  /** Lengths and initial states are those of the same rows, or of the same fixed samples. */
  private static void requireSamples(Call call, int input, int axis, Dim samples)
      throws RowsMixException {
    if (call.has(input)) {
      Tensor state = call.tensor(input);
      if (!samples.rows() && !state.hasRows()) {
        return;
      }
      List<Dim> dims = Call.dims(state);
      if (dims.size() <= axis || !dims.get(axis).equals(samples)) {
        throw new RowsMixException("takes an initial state or lengths that are not of its rows");
      }
    }
  }
}
