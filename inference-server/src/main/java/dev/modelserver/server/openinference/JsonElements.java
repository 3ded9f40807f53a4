package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.ElementReader;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.oip.ElementSource;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The {@code data} of an input: a flat list, or lists nested as deep as the shape. */
final class JsonElements implements ElementSource {

  private final JsonReader json;

  /**
   * Elements that have not been read.
   *
   * @param json at the value of {@code data}
   */
  JsonElements(JsonReader json) {
    this.json = json;
  }

  @Override
  public long length() {
    return json.remaining();
  }

  @Override
  public boolean inPlace() {
    return false;
  }

  @Override
  public Tensor read(DataType type, Shape shape) throws RequestException {
    if (type == DataType.FP16 || type == DataType.BF16) {
      throw RequestException.malformed(
          "%s holds %s as JSON, which has no such numbers; send them as binary data, with the parameter binary_data_size"
              .formatted(json.path(), type));
    }
    json.beginList();
    ElementReader elements = new ElementReader(json, type);
    // an element takes two bytes at least: memory is not taken for more than can be there
    if (shape.elements() > length() / 2) {
      read(shape, (index, limit) -> elements.skip());
      throw new IllegalStateException("more elements than bytes");
    }
    if (type == DataType.BYTES) {
      List<String> values = new ArrayList<>((int) shape.elements());
      read(shape, (index, limit) -> elements.strings(values, limit));
      return new StringTensor(shape, values);
    }
    NumericTensor tensor = NumericTensor.allocate(type, shape);
    read(shape, (index, limit) -> elements.numbers(tensor.data(), index, limit));
    return tensor;
  }

  /** Reads the elements of the list that has been begun. */
  private interface Row {
    /**
     * Reads the list to its end.
     *
     * @param index of its first element in the tensor
     * @param limit elements that the tensor has for it
     * @return how many values the list has
     */
    int read(int index, int limit) throws RequestException;
  }

  private void read(Shape shape, Row row) throws RequestException {
    if (shape.rank() > 1 && json.sees('[')) {
      lists(shape, 0, 0, row);
    } else {
      row(shape, 0, shape.elements(), row);
    }
  }

  /** Reads a list of lists; the first element is at {@code index}. */
  private void lists(Shape shape, int axis, int index, Row row) throws RequestException {
    long size = shape.dim(axis);
    long below = shape.elementsFrom(axis + 1);
    long count = 0;
    for (; json.nextElement(); count++) {
      int next = index + (int) (Math.min(count, size) * below);
      if (count >= size) {
        json.skip();
      } else if (axis + 2 == shape.rank()) {
        json.beginList();
        row(shape, next, below, row);
      } else {
        json.beginList();
        lists(shape, axis + 1, next, row);
      }
    }
    check(shape, count, size, "list");
  }

  private void row(Shape shape, int index, long size, Row row) throws RequestException {
    check(shape, row.read(index, (int) size), size, "value");
  }

  /** The list that has just ended must have as many values or lists as the shape says. */
  private void check(Shape shape, long count, long size, String unit) throws RequestException {
    if (count != size) {
      throw RequestException.malformed(
          "%s has %d %s%s; the shape %s takes %d"
              .formatted(json.path(), count, unit, count == 1 ? "" : "s", shape, size));
    }
  }
}
