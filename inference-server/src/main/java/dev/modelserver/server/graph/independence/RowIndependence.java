package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ValueType;
import dev.modelserver.server.graph.independence.RowValue.Maps;
import dev.modelserver.server.graph.independence.RowValue.Tensor;
import dev.modelserver.server.graph.independence.RowValue.Unproved;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the graph proves that row i of every output depends on row i of every input alone: that
 * the answer for a row is the same whatever rows of other callers are computed with it. A row is
 * what lies at one index of an input's first axis, whose size the model leaves free.
 *
 * <p>The proof is about the operators as ONNX defines them. It says nothing about the last bits: a
 * runtime may choose another kernel for another number of rows, which rows tried show, and round a
 * value by its place in a tensor, which they do not.
 *
 * @param whyNot why it is not proved: a sentence without a full stop that names the node; empty
 *     when it is proved
 * @param rounding which node rounds a value by its place in a tensor: a sentence without a full
 *     stop; empty when none does
 * @param outputs what is known of each output, by name; of those that are not proved nothing
 */
public record RowIndependence(
    Optional<String> whyNot, Optional<String> rounding, Map<String, OutputRows> outputs) {

  /** Where the rows of an output are. */
  public sealed interface OutputRows {

    /**
     * Row i is what lies at index i of the axis, or at {@code n} indices from {@code i * n} on.
     *
     * @param one whether it is one index for each row
     */
    record Along(int axis, boolean one) implements OutputRows {}

    /** The output is the same whatever the inputs, and however many rows they have. */
    record Same() implements OutputRows {}
  }

  public RowIndependence {
    outputs = Map.copyOf(outputs);
  }

  /** Whether rows are proved to be independent. */
  public boolean proved() {
    return whyNot.isEmpty();
  }

  /**
   * The same in a runtime that divides a run among threads: by the number of its rows too, and with
   * the order of its sums the last bits may change, which equal trial rows do not disprove.
   */
  public RowIndependence among(int threads) {
    return threads == 1
        ? this
        : new RowIndependence(
            whyNot,
            rounding.or(
                () ->
                    Optional.of(
                        "ONNX Runtime divides a run among %d threads by the number of its rows"
                            .formatted(threads))),
            outputs);
  }

  /** Follows the rows through the graph of a model. */
  public static RowIndependence of(ModelGraph model) {
    Symbols symbols = new Symbols();
    Scope scope = Scope.of(model.opsets(), Map.of());
    Graph graph = model.main();
    List<String> reasons = new ArrayList<>();
    Map<String, OutputRows> outputs = new LinkedHashMap<>();
    GraphWalk walk = new GraphWalk(model, symbols);
    try {
      for (Value input : graph.inputs()) {
        // one that is a constant too has a default; who sends it shares no run
        if (!graph.initializers().containsKey(input.name())) {
          scope.put(input.name(), rows(input, symbols));
          walk.lastBits().input(input);
        }
      }
      List<RowValue> values = walk.graph(graph, scope);
      for (int i = 0; i < values.size(); i++) {
        String name = graph.outputs().get(i).name();
        try {
          outputs.put(name, output(values.get(i)));
        } catch (RowsMixException e) {
          reasons.add(
              values.get(i) instanceof Unproved(String why)
                  ? why
                  : "the output " + GraphWalk.quoted(name) + " " + e.what());
        }
      }
    } catch (RowsMixException e) {
      reasons.add(e.what());
    }
    return new RowIndependence(reasons.stream().findFirst(), walk.lastBits().why(), outputs);
  }

  private static Tensor rows(Value input, Symbols symbols) throws RowsMixException {
    String subject = "the input " + GraphWalk.quoted(input.name());
    if (!(input.type() instanceof ValueType.Tensor tensor)) {
      throw new RowsMixException(subject + " is not a tensor");
    }
    List<Long> declared = tensor.dims();
    if (declared == null) {
      throw new RowsMixException(subject + " has no declared shape");
    }
    if (declared.isEmpty() || declared.getFirst() >= 0) {
      throw new RowsMixException(subject + " has no free number of rows");
    }
    List<Dim> dims = new ArrayList<>(List.of(Dim.ROWS));
    for (long size : declared.subList(1, declared.size())) {
      dims.add(size >= 0 ? Dim.of(size) : symbols.freshSize());
    }
    return Tensor.of(dims);
  }

  private static OutputRows output(RowValue value) throws RowsMixException {
    return switch (value) {
      case Maps _ -> new OutputRows.Along(0, true);
      case Tensor tensor when tensor.counts() ->
          throw new RowsMixException("depends on the number of rows");
      case Tensor tensor when tensor.hasRows() -> along(tensor);
      case Tensor _ -> new OutputRows.Same();
      case RowValue.Sequence _ -> throw new RowsMixException("is a sequence");
      case Unproved(String why) -> throw new RowsMixException(why);
    };
  }

  private static OutputRows along(Tensor tensor) throws RowsMixException {
    int axis = tensor.rowAxis();
    Dim size = Call.dims(tensor).get(axis);
    if (size.rounds() != null) {
      throw new RowsMixException("has the elements of each row in several places");
    }
    return new OutputRows.Along(axis, size.equals(Dim.ROWS));
  }
}
