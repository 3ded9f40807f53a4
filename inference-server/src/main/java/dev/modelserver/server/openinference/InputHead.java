package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the JSON of a request says about one input. Filled by one reader.
 *
 * <p>The elements are in the JSON, then {@link #dataFrom} and {@link #dataTo} bound the list, or
 * already read, or behind the JSON as binary data of a size.
 */
final class InputHead {

  static final int MAX_RANK = 32;

  /** The names of all datatypes, for an error. */
  static final String DATATYPES =
      Arrays.stream(DataType.values()).map(DataType::name).collect(Collectors.joining(", "));

  final String place;
  @Nullable String name;
  @Nullable DataType datatype;
  @Nullable Shape shape;
  @Nullable Long binarySize;
  @Nullable Tensor data;
  int dataFrom = -1;
  int dataTo;

  InputHead(int index) {
    this.place = "inputs[" + index + "]";
  }

  String name() throws RequestException {
    return present(name, "name", "the name of an input of the model");
  }

  DataType datatype() throws RequestException {
    return present(datatype, "datatype", "such as \"FP32\"");
  }

  Shape shape() throws RequestException {
    return present(shape, "shape", "such as [1,4]");
  }

  /** The datatype of a name; null when there is none of this name. */
  static @Nullable DataType datatype(String name) {
    for (DataType type : DataType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /**
   * A shape whose number of elements is known to be small enough to count with.
   *
   * @return null when the dimensions are no shape
   */
  static @Nullable Shape shape(List<Long> dims) {
    long elements = 1;
    for (long dim : dims) {
      if (dim < 0 || dim > Integer.MAX_VALUE) {
        return null;
      }
      // a zero must not hide what would be too many without it
      elements *= Math.max(1, dim);
      if (elements > Integer.MAX_VALUE) {
        return null;
      }
    }
    return dims.size() > MAX_RANK ? null : new Shape(dims);
  }

  private <T> T present(@Nullable T value, String field, String what) throws RequestException {
    if (value == null) {
      throw RequestException.malformed(place + "." + field + " is missing; send " + what);
    }
    return value;
  }
}
