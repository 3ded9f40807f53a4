package dev.modelserver.server.grpc;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.grpc.InferMessage.Input;
import dev.modelserver.server.grpc.InferMessage.Slice;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/** The inputs of a message as tensors. Whether they are the model's, the inference service says. */
final class InputTensors {

  private InputTensors() {}

  /**
   * By name, in the message's order.
   *
   * @param bytes the message; raw numbers stay in it, so it must not change while they are used
   * @param reserve takes so many bytes of memory beside the message's own; false when there are no
   *     more
   */
  static Map<String, Tensor> of(InferMessage message, byte[] bytes, LongPredicate reserve)
      throws RequestException {
    List<Input> inputs = message.inputs();
    List<Slice> raw = message.raw();
    if (!raw.isEmpty() && raw.size() != inputs.size()) {
      throw RequestException.malformed(
          "raw_input_contents has "
              + raw.size()
              + " entries and inputs "
              + inputs.size()
              + "; send one for each input, in their order");
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      Tensor tensor =
          raw.isEmpty() ? contents(input, bytes, reserve) : raw(input, bytes, raw.get(i), reserve);
      if (tensors.put(input.name(), tensor) != null) {
        throw fault(input, "is given twice; send each input once");
      }
    }
    return tensors;
  }

  private static Tensor contents(Input input, byte[] bytes, LongPredicate reserve)
      throws RequestException {
    DataType type = datatype(input);
    Shape shape = shape(input);
    long sent = input.contents().stream().mapToLong(Slice::length).sum();
    reserve(
        reserve,
        type == DataType.BYTES ? StringTensor.BYTES_OF_A_STRING : type.size(),
        shape,
        sent);
    return ContentsReader.read(bytes, input.name(), type, shape, input.contents());
  }

  private static Tensor raw(Input input, byte[] bytes, Slice slice, LongPredicate reserve)
      throws RequestException {
    if (!input.contents().isEmpty()) {
      throw fault(input, "has contents beside raw_input_contents; send one of the two");
    }
    DataType type = datatype(input);
    Shape shape = shape(input);
    reserve(
        reserve,
        type == DataType.BYTES ? StringTensor.BYTES_OF_A_STRING : 0,
        shape,
        slice.length());
    try {
      return RawTensor.read(type, shape, bytes, slice.from(), slice.length());
    } catch (RawTensor.FormatException e) {
      throw RequestException.malformed(
          "the raw content of the input " + Excerpt.quoted(input.name()) + " " + e.getMessage());
    }
  }

  /** Never for more elements than can be there: those that are not are another's error to tell. */
  private static void reserve(
      LongPredicate reserve, long bytesOfElement, Shape shape, long bytesSent)
      throws RequestException {
    if (!reserve.test(Math.min(shape.elements(), bytesSent) * bytesOfElement)) {
      throw new RequestException(new RequestFailure.NoMemory());
    }
  }

  private static DataType datatype(Input input) throws RequestException {
    for (DataType type : DataType.values()) {
      if (type.name().equals(input.datatype())) {
        return type;
      }
    }
    throw fault(
        input,
        "has the datatype "
            + Excerpt.quoted(input.datatype())
            + "; it takes one of "
            + Arrays.toString(DataType.values()));
  }

  private static Shape shape(Input input) throws RequestException {
    Shape shape = new Shape(input.shape());
    try {
      if (shape.dims().stream().allMatch(dim -> dim >= 0)
          && shape.elements() <= Integer.MAX_VALUE) {
        return shape;
      }
    } catch (ArithmeticException e) {
      // more elements than a long counts: answered below, as too many
    }
    throw fault(
        input,
        "has the shape "
            + input.shape()
            + "; every size is 0 or more, and together they make at most "
            + Integer.MAX_VALUE
            + " elements");
  }

  private static RequestException fault(Input input, String what) {
    return RequestException.malformed("the input " + Excerpt.quoted(input.name()) + " " + what);
  }
}
