package dev.modelserver.server.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;

/** Tensors as JSON. NaN and the infinities, which JSON does not have, are null. */
public final class TensorJson {

  private TensorJson() {}

  /**
   * Writes what is left of the tensor when its first axis is fixed to a row: a value, or nested
   * lists.
   */
  public static void row(JsonGenerator json, Tensor tensor, int row, int rows) throws IOException {
    if (tensor.shape().rank() == 0 || tensor.shape().dim(0) != rows) {
      nested(json, tensor, 0, 0);
    } else {
      nested(json, tensor, 1, row * (int) tensor.shape().elementsFrom(1));
    }
  }

  /** Writes one element. */
  public static void element(JsonGenerator json, Tensor tensor, int index) throws IOException {
    switch (tensor) {
      case StringTensor strings -> json.writeString(strings.values().get(index));
      case NumericTensor numbers when numbers.type() == DataType.BOOL ->
          json.writeBoolean(numbers.longAt(index) != 0);
      case NumericTensor numbers when numbers.type() == DataType.UINT64 ->
          json.writeNumber(Long.toUnsignedString(numbers.longAt(index)));
      case NumericTensor numbers when numbers.type().isInteger() ->
          json.writeNumber(numbers.longAt(index));
      case NumericTensor numbers -> number(json, numbers.type(), numbers.doubleAt(index));
    }
  }

  /** Writes a float with the digits its type has. */
  public static void number(JsonGenerator json, DataType type, double value) throws IOException {
    if (!Double.isFinite(value)) {
      json.writeNull();
    } else if (type == DataType.FP64) {
      json.writeNumber(value);
    } else {
      json.writeNumber((float) value);
    }
  }

  private static void nested(JsonGenerator json, Tensor tensor, int axis, int from)
      throws IOException {
    if (axis >= tensor.shape().rank()) {
      element(json, tensor, from);
      return;
    }
    int step = (int) tensor.shape().elementsFrom(axis + 1);
    json.writeStartArray();
    for (int i = 0; i < tensor.shape().dim(axis); i++) {
      nested(json, tensor, axis + 1, from + i * step);
    }
    json.writeEndArray();
  }
}
