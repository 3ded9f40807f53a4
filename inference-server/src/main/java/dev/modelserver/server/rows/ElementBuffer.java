package dev.modelserver.server.rows;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.ElementReader;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Elements of a tensor as they are read, while their number is not known yet. */
final class ElementBuffer {

  private static final int FEW = 16;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final String[] NO_STRINGS = {};

  private final JsonReader json;
  private final DataType type;
  private final ElementReader elements;
  private @Nullable NumericTensor first;
  private ByteBuffer data = NOTHING;
  private String[] strings = NO_STRINGS;

  ElementBuffer(JsonReader json, DataType type) {
    this.json = json;
    this.type = type;
    this.elements = new ElementReader(json, type);
  }

  /** Makes room for a tensor of this shape: most often it is all there will be. */
  void begin(Shape shape) {
    if (type == DataType.BYTES) {
      strings = new String[(int) shape.elements()];
    } else {
      NumericTensor tensor = NumericTensor.allocate(type, shape);
      first = tensor;
      data = tensor.data();
    }
  }

  /** Makes room for this number of elements. */
  void reserve(int count) {
    if (count <= capacity()) {
      return;
    }
    int capacity = Math.max(Math.max(count, FEW), Math.multiplyExact(capacity(), 2));
    if (type == DataType.BYTES) {
      strings = Arrays.copyOf(strings, capacity);
    } else {
      byte[] more = new byte[Math.multiplyExact(capacity, type.size())];
      data.get(0, more, 0, data.limit());
      data = ByteBuffer.wrap(more).order(ByteOrder.nativeOrder());
      first = null;
    }
  }

  private int capacity() {
    return type == DataType.BYTES ? strings.length : data.limit() / type.size();
  }

  /** Reads one element; there must be room for it. */
  void read(int index) throws RequestException {
    if (type == DataType.BYTES) {
      strings[index] = text();
    } else {
      elements.number(data, index);
    }
  }

  /**
   * Reads the list that has been begun to its end.
   *
   * @param limit elements that there is room for; values beyond are only counted
   * @return how many values the list has
   */
  int readList(int index, int limit) throws RequestException {
    if (type != DataType.BYTES) {
      return elements.numbers(data, index, limit);
    }
    int count = 0;
    while (json.nextElement()) {
      if (count < limit) {
        strings[index + count] = text();
      } else {
        json.skip();
      }
      count++;
    }
    return count;
  }

  /** Puts a text; there must be room for it. */
  void put(int index, String text) {
    strings[index] = text;
  }

  private String text() throws RequestException {
    return json.peek() == JsonReader.Kind.OBJECT ? BinaryValue.text(json) : json.string();
  }

  /** The tensor of the first elements, as many as the shape has. */
  Tensor build(Shape shape) {
    if (type == DataType.BYTES) {
      return new StringTensor(shape, Arrays.asList(strings).subList(0, (int) shape.elements()));
    }
    NumericTensor whole = first;
    if (whole != null && whole.shape().equals(shape)) {
      return whole;
    }
    NumericTensor tensor = NumericTensor.allocate(type, shape);
    tensor.data().put(0, data, 0, tensor.data().limit());
    return tensor;
  }
}
