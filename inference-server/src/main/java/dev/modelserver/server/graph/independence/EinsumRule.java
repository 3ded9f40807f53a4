package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Einsum: an axis with the rows must be in the output, and mean the rows in every input. */
final class EinsumRule {

  private EinsumRule() {}

  static List<RowValue> apply(Call call) throws RowsMixException {
    String equation = call.node().text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    List<Tensor> inputs = call.tensors();
    if (terms.length != inputs.size()) {
      throw new RowsMixException("has an equation of another number of inputs");
    }
    if (inputs.stream().noneMatch(Tensor::hasRows)
        && inputs.stream().anyMatch(input -> input.dims() == null)) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    Map<String, Dim> sizes = new HashMap<>();
    Map<String, Integer> uses = new HashMap<>();
    int ellipsis = 0;
    for (int i = 0; i < terms.length; i++) {
      List<Dim> dims = Call.dims(inputs.get(i));
      List<String> labels = labels(terms[i], dims.size());
      ellipsis = Math.max(ellipsis, dims.size() - letters(terms[i]));
      for (int axis = 0; axis < dims.size(); axis++) {
        uses.merge(labels.get(axis), 1, Integer::sum);
        put(sizes, labels.get(axis), dims.get(axis), call.symbols());
      }
    }
    List<Dim> to = new ArrayList<>();
    for (String label : output(equation, arrow, ellipsis, uses)) {
      Dim size = sizes.remove(label);
      to.add(size == null ? Dim.ONE : size);
    }
    if (sizes.values().stream().anyMatch(Dim::rows)) {
      throw new RowsMixException("sums over the rows");
    }
    return List.of(Call.tensor(to));
  }

  private static void put(Map<String, Dim> sizes, String label, Dim size, Symbols symbols)
      throws RowsMixException {
    Dim known = sizes.get(label);
    sizes.put(
        label,
        known == null ? size : Broadcast.dims(List.of(known), List.of(size), symbols).getFirst());
  }

  private static List<String> output(
      String equation, int arrow, int ellipsis, Map<String, Integer> uses) throws RowsMixException {
    if (arrow >= 0) {
      String term = equation.substring(arrow + 2);
      return labels(term, letters(term) + (term.contains("...") ? ellipsis : 0));
    }
    List<String> once = new ArrayList<>(labels("...", ellipsis));
    uses.keySet().stream()
        .filter(label -> label.length() == 1 && uses.getOrDefault(label, 0) == 1)
        .sorted()
        .forEach(once::add);
    return once;
  }

  private static int letters(String term) {
    return term.replace("...", "").length();
  }

  /** A name of each axis; those of an ellipsis are counted from the last. */
  private static List<String> labels(String term, int rank) throws RowsMixException {
    int ellipsis = rank - letters(term);
    if (ellipsis < 0 || (ellipsis > 0 && !term.contains("..."))) {
      throw new RowsMixException("has an equation of another rank");
    }
    List<String> labels = new ArrayList<>();
    int at = 0;
    while (at < term.length()) {
      if (term.startsWith("...", at)) {
        for (int i = ellipsis; i > 0; i--) {
          labels.add("..." + i);
        }
        at += 3;
      } else {
        labels.add(term.substring(at, at + 1));
        at++;
      }
    }
    return labels;
  }
}
