package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Attention: the first axis of every input has the samples, which do not see each other. */
final class AttentionRules {

  private AttentionRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("Attention", AttentionRules::attention);
    rules.put("RotaryEmbedding", AttentionRules::rotary);
    rules.put(microsoft("RotaryEmbedding"), AttentionRules::rotary);
    rules.put(microsoft("Attention"), AttentionRules::packed);
    rules.put(microsoft("MultiHeadAttention"), AttentionRules::multiHead);
    rules.put(microsoft("EmbedLayerNormalization"), AttentionRules::embedding);
  }

  private static String microsoft(String operator) {
    return Operators.key(Operators.MICROSOFT, operator);
  }

  /** Refuses an input whose first axis is not cut into the same rows. */
  private static List<Dim> samples(Call call, int input, Dim rows) throws RowsMixException {
    Tensor tensor = call.tensor(input);
    List<Dim> dims = Call.dims(tensor);
    if (dims.isEmpty() || !dims.getFirst().equals(rows)) {
      throw new RowsMixException("takes inputs that are not cut into the same rows");
    }
    var _ = Call.tensor(dims);
    return dims;
  }

  /** Masks and biases may be one for all samples. */
  private static void perSampleOrFixed(Call call, int input, Dim rows) throws RowsMixException {
    if (call.has(input) && call.tensor(input).hasRows()) {
      var _ = samples(call, input, rows);
    }
  }

  private static Dim rows(Call call) throws RowsMixException {
    List<Dim> dims = Call.dims(call.tensor(0));
    if (dims.size() < 3) {
      throw new RowsMixException("takes an input that does not have 3 axes");
    }
    Call.requireRowsAlong(0, call.tensor(0));
    return dims.getFirst();
  }

  /** Query, key, value, mask, past key, past value, lengths. */
  private static List<RowValue> attention(Call call) throws RowsMixException {
    Dim rows = rows(call);
    List<Dim> query = Call.dims(call.tensor(0));
    List<Dim> key = samples(call, 1, rows);
    List<Dim> value = samples(call, 2, rows);
    if (call.has(3)) {
      List<Dim> mask = Call.dims(call.tensor(3));
      if (call.tensor(3).hasRows() && (mask.size() != 4 || !mask.getFirst().equals(rows))) {
        throw new RowsMixException("takes a mask that is not cut into the same rows");
      }
    }
    for (int input = 4; input < 7; input++) {
      if (call.has(input)) {
        var _ = samples(call, input, rows);
      }
    }
    if (query.size() == 4) {
      List<Dim> to = new ArrayList<>(query);
      to.set(3, value.getLast());
      return List.of(Call.tensor(to));
    }
    long heads = Math.max(1, call.node().integer("q_num_heads", 1));
    long keyHeads = Math.max(1, call.node().integer("kv_num_heads", 1));
    Dim width =
        value
            .getLast()
            .over(Dim.of(keyHeads))
            .map(size -> size.times(Dim.of(heads)))
            .orElseGet(call.symbols()::freshSize);
    if (key.size() != 3) {
      throw new RowsMixException("takes inputs of different ranks");
    }
    return List.of(Call.tensor(List.of(rows, query.get(1), width)));
  }

  /** Positions, and the tables of sines and cosines, are fixed or of the same rows. */
  private static List<RowValue> rotary(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Call.requireRowsAlong(0, from);
    Dim rows = Call.dims(from).getFirst();
    for (int other = 1; other < call.count(); other++) {
      perSampleOrFixed(call, other, rows);
    }
    return List.of(Tensor.of(Call.dims(from)));
  }

  /** Input, weights, bias, mask, past, bias of the scores. */
  private static List<RowValue> packed(Call call) throws RowsMixException {
    Dim rows = rows(call);
    call.fixed("weights", 1, 2);
    if (call.has(3)) {
      List<Dim> mask = samples(call, 3, rows);
      if (mask.size() == 1 && !mask.getFirst().equals(Dim.ROWS)) {
        throw new RowsMixException("takes lengths that do not lie row by row");
      }
    }
    if (call.has(4) || call.has(6)) {
      throw new RowsMixException("keeps a past whose rows lie along its second axis");
    }
    perSampleOrFixed(call, 5, rows);
    List<Dim> dims = Call.dims(call.tensor(0));
    Dim width =
        call.node()
            .integers("qkv_hidden_sizes")
            .filter(list -> list.size() == 3)
            .map(list -> Dim.of(list.get(2)))
            .orElseGet(() -> weights(call).over(Dim.of(3)).orElseGet(call.symbols()::freshSize));
    return List.of(Call.tensor(List.of(rows, dims.get(1), width)));
  }

  private static Dim weights(Call call) {
    try {
      return Call.dims(call.tensor(1)).getLast();
    } catch (RowsMixException e) {
      return call.symbols().freshSize();
    }
  }

  /** Query, key, value, bias, padding, bias of the scores, past key, past value. */
  private static List<RowValue> multiHead(Call call) throws RowsMixException {
    Dim rows = rows(call);
    List<Dim> query = Call.dims(call.tensor(0));
    if (query.size() != 3 || !call.has(1) || !call.has(2)) {
      throw new RowsMixException("takes query, key and value in one tensor");
    }
    var _ = samples(call, 1, rows);
    List<Dim> value = samples(call, 2, rows);
    call.fixed("weights", 3);
    for (int input = 4; input < call.count(); input++) {
      if (input == 5) {
        perSampleOrFixed(call, input, rows);
      } else if (call.has(input)) {
        var _ = samples(call, input, rows);
      }
    }
    Dim width = value.size() == 3 ? value.getLast() : value.getLast().times(value.get(1));
    return List.of(Call.tensor(List.of(rows, query.get(1), width)));
  }

  /** Words, segments, three tables, two weights, mask, positions. */
  private static List<RowValue> embedding(Call call) throws RowsMixException {
    Tensor words = call.tensor(0);
    Call.requireRowsAlong(0, words);
    List<Dim> dims = Call.dims(words);
    if (dims.size() != 2) {
      throw new RowsMixException("takes an input that does not have 2 axes");
    }
    call.fixed("weights", 2, 3, 4, 5, 6);
    for (int input : List.of(1, 7)) {
      if (call.has(input)) {
        var _ = samples(call, input, dims.getFirst());
      }
    }
    perSampleOrFixed(call, 8, dims.getFirst());
    List<Dim> to = new ArrayList<>(dims);
    to.add(Call.dims(call.tensor(2)).getLast());
    Tensor embedded = Call.tensor(to);
    return List.of(embedded, Call.tensor(List.of(dims.getFirst())), embedded);
  }
}
