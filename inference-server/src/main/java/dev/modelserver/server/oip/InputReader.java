package dev.modelserver.server.oip;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads one input of a request: what it says about itself first, in any order, then its elements.
 * An input that the model does not take is refused before its elements are looked at: strings and
 * booleans take long to read, and a body of short strings becomes ten times as large.
 */
public final class InputReader {

  /** Sizes of a shape. */
  public static final int MAX_RANK = 32;

  private static final String DATATYPES =
      Arrays.stream(DataType.values()).map(DataType::name).collect(Collectors.joining(", "));

  private final String place;
  private final AcceptedInputs model;
  private final LongPredicate reserve;
  private @Nullable String name;
  private @Nullable DataType datatype;
  private @Nullable Shape shape;
  private @Nullable String field;
  private @Nullable Tensor tensor;

  InputReader(int index, AcceptedInputs model, LongPredicate reserve) {
    this.place = "inputs[" + index + "]";
    this.model = model;
    this.reserve = reserve;
  }

  /** Where the input is in the request: {@code inputs[0]}. */
  public String place() {
    return place;
  }

  public void name(String given) {
    name = given;
  }

  /** Its datatype by the protocol's name. */
  public void datatype(String given) throws RequestException {
    for (DataType type : DataType.values()) {
      if (type.name().equals(given)) {
        datatype = type;
        return;
      }
    }
    throw RequestException.malformed(
        "%s.datatype is %s; the datatypes are %s"
            .formatted(place, Excerpt.quoted(given), DATATYPES));
  }

  /** Its shape; sizes beyond one too many need not be there. */
  public void shape(List<Long> dims) throws RequestException {
    for (int axis = 0; axis < dims.size(); axis++) {
      long dim = dims.get(axis);
      if (dim < 0 || dim > Integer.MAX_VALUE) {
        throw RequestException.malformed(
            "%s.shape[%d] is %d; a size from 0 to %d is needed"
                .formatted(place, axis, dim, Integer.MAX_VALUE));
      }
    }
    if (!isCountable(dims)) {
      throw RequestException.malformed(
          "%s.shape is %s; it takes at most %d sizes with a product of at most %d"
              .formatted(place, Excerpt.of(dims.toString()), MAX_RANK, Integer.MAX_VALUE));
    }
    shape = new Shape(dims);
  }

  /** A parameter of the input that the transport does not know. */
  public void parameter(String parameter) throws RequestException {
    UnservedParameters.refuse(parameter, place + ".parameters");
  }

  /** The field that the elements are in; there may be one. */
  public void elementsIn(String given) throws RequestException {
    if (field != null) {
      throw RequestException.malformed(
          "%s has %s and %s; send one of them".formatted(place, field, given));
    }
    field = given;
  }

  /** Whether name, datatype and shape have been given, so that elements can be read. */
  public boolean isDescribed() {
    return name != null && datatype != null && shape != null;
  }

  /** Reads the elements; nothing may be said about the input after them. */
  public void read(ElementSource elements) throws RequestException, InferenceException {
    String known = name();
    DataType type = present(datatype, "datatype", "such as \"FP32\"");
    Shape dims = present(shape, "shape", "such as [1,4]");
    model.check(known, type, dims);
    reserve(type, dims, elements);
    tensor = elements.read(type, dims);
  }

  String name() throws RequestException {
    return present(name, "name", "the name of an input of the model");
  }

  Tensor tensor() throws RequestException {
    var _ = name();
    return present(tensor, "data", "a list of values, or binary data");
  }

  /** Takes the memory that the tensor needs beside the bytes that were sent. */
  private void reserve(DataType type, Shape dims, ElementSource elements) throws RequestException {
    long sent = elements.length();
    // no more elements than were sent bytes, whatever the shape says: that is another error
    long count = Math.min(dims.elements(), sent);
    long more =
        type == DataType.BYTES
            ? count * StringTensor.BYTES_OF_A_STRING
            : elements.inPlace() ? 0 : Math.max(0, count * type.size() - sent);
    if (more > 0 && !reserve.test(more)) {
      throw new RequestException(new RequestFailure.NoMemory());
    }
  }

  private <T> T present(@Nullable T value, String field, String what) throws RequestException {
    if (value == null) {
      throw RequestException.malformed("%s.%s is missing; send %s".formatted(place, field, what));
    }
    return value;
  }

  private static boolean isCountable(List<Long> dims) {
    long elements = 1;
    for (long dim : dims) {
      // a zero must not hide what would be too many without it
      elements *= Math.max(1, dim);
      if (elements > Integer.MAX_VALUE) {
        return false;
      }
    }
    return dims.size() <= MAX_RANK;
  }
}
