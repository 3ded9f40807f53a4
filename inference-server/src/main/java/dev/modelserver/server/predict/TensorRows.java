package dev.modelserver.server.predict;

import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;

/** Writes one row of a tensor: what is left when the axis of its rows is fixed. */
public final class TensorRows {

  private TensorRows() {}

  /**
   * The axis of a tensor's rows.
   *
   * @param output the name of the tensor
   * @param rows of the request
   * @return -1 when the tensor does not have an entry for each row: then it says something about
   *     the whole request
   */
  public static int axis(RowAxes axes, String output, Tensor tensor, int rows) {
    int axis = axes.axis(output).orElse(-1);
    Shape shape = tensor.shape();
    return axis >= 0 && axis < shape.rank() && shape.dim(axis) == rows ? axis : -1;
  }

  /** Values that are written when every row is. */
  public static long values(Tensor tensor, int axis, int rows) {
    return tensor.shape().elements() * (axis >= 0 ? 1 : rows);
  }

  /**
   * Writes a row: nested lists, or a single value.
   *
   * @param axis of the rows; -1: the whole tensor is written
   * @param flat whether a row of one element is that element
   */
  public static void write(JsonWriter json, Tensor tensor, int axis, int row, boolean flat) {
    Shape shape = tensor.shape();
    if (flat && axis >= 0 && shape.elements() == shape.dim(axis)) {
      element(json, tensor, row);
    } else {
      nested(json, tensor, 0, 0, axis, row);
    }
  }

  /** Writes one element. */
  public static void element(JsonWriter json, Tensor tensor, int index) {
    switch (tensor) {
      case StringTensor strings -> json.string(strings.values().get(index));
      case NumericTensor numbers -> element(json, numbers, index);
    }
  }

  private static void element(JsonWriter json, NumericTensor numbers, int index) {
    switch (numbers.type()) {
      case BOOL -> json.raw(numbers.longAt(index) != 0 ? "true" : "false");
      case UINT64 -> json.raw(Long.toUnsignedString(numbers.longAt(index)));
      case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> json.number(numbers.longAt(index));
      case FP16, BF16, FP32, FP64 -> json.number(numbers.type(), numbers.doubleAt(index));
      case BYTES -> throw new IllegalStateException(DataType.BYTES + " is no number");
    }
  }

  private static void nested(
      JsonWriter json, Tensor tensor, int level, int from, int axis, int row) {
    Shape shape = tensor.shape();
    if (level >= shape.rank()) {
      element(json, tensor, from);
      return;
    }
    int step = (int) shape.elementsFrom(level + 1);
    if (level == axis) {
      nested(json, tensor, level + 1, from + row * step, axis, row);
      return;
    }
    json.raw("[");
    for (int i = 0; i < shape.dim(level); i++) {
      if (i > 0) {
        json.raw(",");
      }
      nested(json, tensor, level + 1, from + i * step, axis, row);
    }
    json.raw("]");
  }
}
