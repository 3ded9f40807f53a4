package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Convolutions and pools: the first axis has the samples, the second the channels. */
final class ConvolutionRules {

  private ConvolutionRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("Conv", call -> convolution(call, 1, "weights", 2));
    rules.put(Operators.key(Operators.MICROSOFT, "FusedConv"), ConvolutionRules::fused);
    rules.put("ConvInteger", call -> convolution(call, 1, "zero points", 2, 3));
    rules.put(
        "QLinearConv", call -> convolution(call, 3, "scales, zero points", 1, 2, 4, 5, 6, 7, 8));
    rules.put("ConvTranspose", ConvolutionRules::transposed);
    for (String operator : List.of("AveragePool", "LpPool", "MaxPool")) {
      rules.put(operator, ConvolutionRules::pool);
    }
    for (String operator : List.of("GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool")) {
      rules.put(operator, call -> List.of(global(call.tensor(0))));
    }
    rules.put(
        Operators.key(Operators.MICROSOFT, "QLinearGlobalAveragePool"),
        ConvolutionRules::quantizedGlobal);
    rules.put(
        Operators.key(Operators.MICROSOFT, "QLinearAveragePool"),
        call -> {
          call.fixed("scales", 1, 2, 3, 4);
          return pool(call);
        });
  }

  private static List<RowValue> convolution(Call call, int weights, String others, int... fixed)
      throws RowsMixException {
    Tensor from = call.tensor(0);
    Tensor by = call.fixed(weights, "weights");
    call.fixed(others, fixed);
    if (from.dims() == null || (by.dims() == null && !from.hasRows())) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    Call.requireRowsAlong(0, from);
    List<Dim> dims = Call.dims(from);
    List<Dim> filter = Call.dims(by);
    if (dims.size() < 3 || filter.size() != dims.size()) {
      throw new RowsMixException("has weights of another rank than its input");
    }
    Window window = Window.of(call.node(), kernel(call, filter));
    List<Dim> to = new ArrayList<>(List.of(dims.getFirst(), filter.getFirst()));
    to.addAll(window.over(dims.subList(2, dims.size()), call.symbols()));
    return List.of(Call.tensor(to));
  }

  /** What is added to the sum has its shape. */
  private static List<RowValue> fused(Call call) throws RowsMixException {
    List<RowValue> convolved = convolution(call, 1, "weights", 2);
    return call.has(3) && convolved.getFirst() instanceof Tensor sum
        ? List.of(Broadcast.of(List.of(sum, call.tensor(3)), call.symbols()))
        : convolved;
  }

  private static List<Dim> kernel(Call call, List<Dim> filter) {
    return call.node()
        .integers("kernel_shape")
        .map(list -> list.stream().map(Dim::of).toList())
        .orElse(filter.subList(2, filter.size()));
  }

  private static List<RowValue> transposed(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    Tensor by = call.fixed(1, "weights");
    call.fixed("weights", 2);
    if (from.dims() == null || (by.dims() == null && !from.hasRows())) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    Call.requireRowsAlong(0, from);
    List<Dim> dims = Call.dims(from);
    List<Dim> filter = Call.dims(by);
    if (dims.size() < 3 || filter.size() != dims.size()) {
      throw new RowsMixException("has weights of another rank than its input");
    }
    Window window = Window.of(call.node(), kernel(call, filter));
    Dim channels = filter.get(1).times(Dim.of(call.node().integer("group", 1)));
    List<Dim> to = new ArrayList<>(List.of(dims.getFirst(), channels));
    to.addAll(window.back(dims.subList(2, dims.size()), call.node(), call.symbols()));
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> pool(Call call) throws RowsMixException {
    Tensor from = call.tensor(0);
    if (from.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    Call.requireRowsAlong(0, from);
    if (call.node().integer("channels_last", 0) != 0) {
      throw new RowsMixException("has its channels last");
    }
    List<Dim> dims = Call.dims(from);
    Optional<List<Long>> kernel = call.node().integers("kernel_shape");
    if (dims.size() < 3 || kernel.isEmpty()) {
      throw new RowsMixException("has no window");
    }
    Window window = Window.of(call.node(), kernel.get().stream().map(Dim::of).toList());
    List<Dim> to = new ArrayList<>(dims.subList(0, 2));
    to.addAll(window.over(dims.subList(2, dims.size()), call.symbols()));
    // the indices of MaxPool, its second output, count from the first row
    return List.of(Call.tensor(to));
  }

  private static Tensor global(Tensor from) throws RowsMixException {
    if (from.dims() == null) {
      return Tensor.UNKNOWN_SHAPE;
    }
    Call.requireRowsAlong(0, from);
    List<Dim> dims = Call.dims(from);
    if (dims.size() < 2) {
      throw new RowsMixException("takes an input without channels");
    }
    List<Dim> to = new ArrayList<>(dims.subList(0, 2));
    to.addAll(Collections.nCopies(dims.size() - 2, Dim.ONE));
    return Call.tensor(to);
  }

  private static List<RowValue> quantizedGlobal(Call call) throws RowsMixException {
    call.fixed("scales", 1, 2, 3, 4);
    Tensor from = call.tensor(0);
    if (call.node().integer("channels_last", 0) == 0) {
      return List.of(global(from));
    }
    Call.requireRowsAlong(0, from);
    List<Dim> dims = Call.dims(from);
    List<Dim> to = new ArrayList<>(Collections.nCopies(dims.size(), Dim.ONE));
    to.set(0, dims.getFirst());
    to.set(dims.size() - 1, dims.getLast());
    return List.of(Call.tensor(to));
  }
}
