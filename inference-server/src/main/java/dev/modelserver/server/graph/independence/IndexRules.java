package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.independence.RowValue.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operators that look elements up, or put them, where other elements say. */
final class IndexRules {

  private static final String BY_POSITION = "picks rows by their position";

  private IndexRules() {}

  static void addTo(Map<String, Rule> rules) {
    rules.put("Gather", IndexRules::gather);
    rules.put("GatherElements", IndexRules::gatherElements);
    rules.put("GatherND", IndexRules::gatherNd);
    rules.put("ScatterElements", IndexRules::scatterElements);
    rules.put("ScatterND", IndexRules::scatterNd);
    rules.put("OneHot", IndexRules::oneHot);
  }

  private static List<RowValue> gather(Call call) throws RowsMixException {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    if (!data.hasRows() && (data.dims() == null || indices.dims() == null)) {
      if (indices.hasRows()) {
        var _ = Call.dims(data);
      }
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(data);
    int axis = Call.axis(call.node().integer("axis", 0), dims.size());
    if (axis == data.rowAxis()) {
      throw new RowsMixException(BY_POSITION);
    }
    List<Dim> to = new ArrayList<>(dims.subList(0, axis));
    to.addAll(Call.dims(indices));
    to.addAll(dims.subList(axis + 1, dims.size()));
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> gatherElements(Call call) throws RowsMixException {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    if (!data.hasRows() && !indices.hasRows()) {
      return List.of(new Tensor(indices.dims(), null));
    }
    int axis = Call.axis(call.node().integer("axis", 0), Call.dims(indices).size());
    requireSameRows(data, indices, axis);
    return List.of(Tensor.of(Call.dims(indices)));
  }

  /**
   * Each row of the indices points into the same row of the data; or into data without rows, along
   * the axis that the indices replace.
   */
  private static void requireSameRows(Tensor data, Tensor indices, int axis)
      throws RowsMixException {
    if (!data.hasRows() && indices.rowAxis() == axis) {
      return;
    }
    boolean same =
        data.hasRows()
            && data.rowAxis() == indices.rowAxis()
            && data.rowAxis() != axis
            && Call.dims(data)
                .get(data.rowAxis())
                .equals(Call.dims(indices).get(indices.rowAxis()));
    if (!same) {
      throw new RowsMixException(BY_POSITION);
    }
  }

  private static List<RowValue> gatherNd(Call call) throws RowsMixException {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    if (data.dims() == null || indices.dims() == null) {
      if (data.hasRows() || indices.hasRows()) {
        throw new RowsMixException("takes a value whose shape is not known");
      }
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> dims = Call.dims(data);
    List<Dim> places = Call.dims(indices);
    int shared = (int) call.node().integer("batch_dims", 0);
    Dim depth = places.isEmpty() ? Dim.UNKNOWN : places.getLast();
    if (!depth.isConstant() || shared + depth.factor() > dims.size()) {
      throw new RowsMixException("takes indices of a length that is not known");
    }
    boolean rowsShared =
        data.hasRows()
            && data.rowAxis() < shared
            && data.rowAxis() == indices.rowAxis()
            && dims.get(data.rowAxis()).equals(places.get(data.rowAxis()));
    // rows behind the axes that the indices choose from stay as they are
    boolean rowsBehind = data.rowAxis() >= shared + depth.factor() && !indices.hasRows();
    boolean table = !data.hasRows() && indices.rowAxis() >= shared;
    if ((data.hasRows() || indices.hasRows()) && !rowsShared && !rowsBehind && !table) {
      throw new RowsMixException(BY_POSITION);
    }
    List<Dim> to = new ArrayList<>(places.subList(0, places.size() - 1));
    to.addAll(dims.subList(shared + (int) depth.factor(), dims.size()));
    return List.of(Call.tensor(to));
  }

  private static List<RowValue> scatterElements(Call call) throws RowsMixException {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    Tensor updates = call.tensor(2);
    if (!data.hasRows() && !indices.hasRows() && !updates.hasRows()) {
      return List.of(new Tensor(data.dims(), null));
    }
    int axis = Call.axis(call.node().integer("axis", 0), Call.dims(data).size());
    if (!data.hasRows()) {
      throw new RowsMixException("puts values of all rows into one tensor");
    }
    requireSameRows(data, indices, axis);
    requireSameRows(data, updates, axis);
    return List.of(Tensor.of(Call.dims(data)));
  }

  private static List<RowValue> scatterNd(Call call) throws RowsMixException {
    Tensor data = call.tensor(0);
    Tensor indices = call.tensor(1);
    Tensor updates = call.tensor(2);
    if (!data.hasRows() && !indices.hasRows() && !updates.hasRows()) {
      return List.of(new Tensor(data.dims(), null));
    }
    List<Dim> places = Call.dims(indices);
    Dim depth = places.isEmpty() ? Dim.UNKNOWN : places.getLast();
    int rank = Call.dims(data).size();
    // fixed places in axes before the rows, and the rows of the updates where those of the data are
    boolean behind =
        !indices.hasRows()
            && depth.isConstant()
            && data.rowAxis() >= depth.factor()
            && updates.rowAxis() == data.rowAxis() - (int) depth.factor() + places.size() - 1
            && Call.dims(updates).size() == places.size() - 1 + rank - (int) depth.factor()
            && Call.dims(updates)
                .get(updates.rowAxis())
                .equals(Call.dims(data).get(data.rowAxis()));
    if (!behind) {
      throw new RowsMixException("puts values to places that may be of other rows");
    }
    return List.of(Tensor.of(Call.dims(data)));
  }

  private static List<RowValue> oneHot(Call call) throws RowsMixException {
    Tensor indices = call.tensor(0);
    call.fixed("values", 2);
    Tensor depth = call.fixed(1, "settings");
    if (indices.dims() == null) {
      return List.of(Tensor.UNKNOWN_SHAPE);
    }
    List<Dim> to = new ArrayList<>(Call.dims(indices));
    int axis = Call.axis(call.node().integer("axis", -1), to.size() + 1);
    List<Dim> known = depth.elements();
    Dim size =
        known != null && known.size() == 1 && known.getFirst().isConstant()
            ? known.getFirst()
            : call.symbols().freshSize();
    to.add(axis, size);
    return List.of(Call.tensor(to));
  }
}
