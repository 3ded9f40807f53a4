package dev.modelserver.server.openinference;

import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumberReader;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code data} of an input straight from its bytes into a tensor: a flat list, or lists
 * nested as deep as the shape. Whatever is not exactly that, it leaves to {@link DataParser}, which
 * reads the same things with the same result.
 */
final class DataScanner {

  /** Deeper nesting is left to the parser that limits it. */
  private static final int MAX_DEPTH = 6;

  private final JsonCursor json;
  private final NumberReader numbers;
  private int index;

  /** Reads from the cursor's position on, and moves it. */
  DataScanner(JsonCursor json) {
    this.json = json;
    this.numbers = new NumberReader(json.bytes, json.position, json.end);
  }

  /** The tensor; null when the data are not of the usual form. */
  @Nullable Tensor scan(DataType type, Shape shape) {
    long elements = shape.elements();
    boolean unread = type == DataType.BYTES || type == DataType.FP16 || type == DataType.BF16;
    // an element takes two bytes at least: memory for more is not even asked for
    if (unread || elements > (json.end - json.position) / 2) {
      return null;
    }
    NumericTensor tensor = NumericTensor.allocate(type, shape);
    int outer = json.position;
    if (!json.take('[')) {
      return null;
    }
    boolean nested = json.sees('[');
    json.position = outer;
    if (nested && (shape.rank() < 2 || shape.rank() > MAX_DEPTH)) {
      return null;
    }
    boolean read = nested ? level(tensor, 0) : row(type, tensor.data(), (int) elements);
    return read ? tensor : null;
  }

  private boolean level(NumericTensor tensor, int axis) {
    Shape shape = tensor.shape();
    int size = (int) shape.dim(axis);
    if (axis == shape.rank() - 1) {
      return row(tensor.type(), tensor.data(), size);
    }
    if (!json.take('[')) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if ((i > 0 && !json.take(',')) || !level(tensor, axis + 1)) {
        return false;
      }
    }
    return json.take(']');
  }

  /** A list of exactly {@code count} elements. */
  private boolean row(DataType type, ByteBuffer data, int count) {
    return json.take('[')
        && (count == 0
            || switch (type) {
              case FP32 -> floats(data, count);
              case FP64 -> doubles(data, count);
              case BOOL -> truths(data, count);
              case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                  integers(type, data, count);
              case FP16, BF16, BYTES -> false;
            })
        && json.take(']');
  }

  private boolean floats(ByteBuffer data, int count) {
    int at = index * 4;
    for (int i = 0; i < count; i++, at += 4) {
      if (!number(i > 0)) {
        return false;
      }
      float value = numbers.asFloat();
      if (Float.isInfinite(value)) {
        return false;
      }
      data.putFloat(at, value);
    }
    index += count;
    return true;
  }

  private boolean doubles(ByteBuffer data, int count) {
    int at = index * 8;
    for (int i = 0; i < count; i++, at += 8) {
      if (!number(i > 0)) {
        return false;
      }
      double value = numbers.asDouble();
      if (Double.isInfinite(value)) {
        return false;
      }
      data.putDouble(at, value);
    }
    index += count;
    return true;
  }

  private boolean integers(DataType type, ByteBuffer data, int count) {
    long min = type.min();
    long max = type.max();
    for (int i = 0; i < count; i++) {
      if (!number(i > 0) || !numbers.isLong()) {
        return false;
      }
      long value = numbers.asLong();
      if (value < min || value > max) {
        return false;
      }
      switch (type.size()) {
        case 1 -> data.put(index, (byte) value);
        case 2 -> data.putShort(index * 2, (short) value);
        case 4 -> data.putInt(index * 4, (int) value);
        default -> data.putLong(index * 8, value);
      }
      index++;
    }
    return true;
  }

  private boolean truths(ByteBuffer data, int count) {
    for (int i = 0; i < count; i++) {
      if (i > 0 && !json.take(',')) {
        return false;
      }
      if (json.takeWord("true") || json.takeWord("1")) {
        data.put(index++, (byte) 1);
      } else if (json.takeWord("false") || json.takeWord("0")) {
        data.put(index++, (byte) 0);
      } else {
        return false;
      }
    }
    return true;
  }

  /** Reads over a comma, if one is due, and a number. */
  private boolean number(boolean comma) {
    byte[] bytes = json.bytes;
    int end = json.end;
    int p = json.position;
    if (comma) {
      while (p < end && JsonCursor.isSpace(bytes[p])) {
        p++;
      }
      if (p >= end || bytes[p] != ',') {
        return false;
      }
      p++;
    }
    while (p < end && JsonCursor.isSpace(bytes[p])) {
      p++;
    }
    numbers.position(p);
    if (!numbers.next()) {
      return false;
    }
    json.position = numbers.position();
    return true;
  }
}
