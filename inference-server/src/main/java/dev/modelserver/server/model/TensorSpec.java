package dev.modelserver.server.model;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An input or output as the model declares it; a size of -1 varies from call to call.
 *
 * @param leastWidth entries that the last axis of an input must have at least, by the constants in
 *     the model file; where the shape has just as many there, the file itself declares any number.
 *     0: the file tells nothing
 * @param anyShape whether the model declares no shape, not even a number of axes; the shape is then
 *     that of a single value
 */
public record TensorSpec(
    String name, DataType datatype, Shape shape, long leastWidth, boolean anyShape) {

  /** As the file declares it. */
  public TensorSpec(String name, DataType datatype, Shape shape) {
    this(name, datatype, shape, 0, false);
  }

  /** One for which the file declares no shape. */
  public static TensorSpec ofAnyShape(String name, DataType datatype) {
    return new TensorSpec(name, datatype, Shape.of(), 0, true);
  }

  /** An input whose last axis must have this many entries. */
  public TensorSpec withWidth(long width) {
    List<Long> dims = new ArrayList<>(shape.dims());
    dims.set(dims.size() - 1, width);
    return new TensorSpec(name, datatype, new Shape(dims), width, false);
  }

  /** An input whose last axis must have at least this many entries. */
  public TensorSpec withLeastWidth(long width) {
    return new TensorSpec(name, datatype, shape, width, anyShape);
  }

  /**
   * A shape to try the input with.
   *
   * @param rows size of the first axis where it varies; other sizes that vary are the smallest that
   *     the input takes
   */
  public Shape smallest(long rows) {
    List<Long> dims = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      long dim = shape.dim(axis);
      boolean known = leastWidth > 0 && axis == shape.rank() - 1;
      dims.add(dim >= 0 ? dim : known ? leastWidth : axis == 0 ? rows : 1);
    }
    return new Shape(dims);
  }

  /** Writes a field with the specs as every page and message shows them. */
  public static void write(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name);
      json.writeStringField("datatype", spec.datatype.name());
      json.writeFieldName("shape");
      spec.writeShape(json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the sizes as an array. */
  public void writeShape(JsonGenerator json) throws IOException {
    long[] dims = shape.toArray();
    json.writeArray(dims, 0, dims.length);
  }

  @Override
  public String toString() {
    return name + " " + datatype + (anyShape ? " of any shape" : shape);
  }
}
