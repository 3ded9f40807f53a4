package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a body that is nothing but the elements of the model's one input. Its type is the model's,
 * its shape too, with the one size that varies told by the number of bytes; where two vary, the
 * first counts rows and is 1. For an input of strings the body is one string, as it is.
 */
final class RawRequest {

  private RawRequest() {}

  /** All outputs of the answer are binary data. */
  static InferRequest read(Signature signature, ByteBuffer bytes) throws RequestException {
    if (signature.inputs().size() != 1) {
      throw RequestException.malformed(
          "the model has "
              + signature.inputs().size()
              + " inputs; a raw request takes a model of one: send JSON with "
              + BinaryHeader.NAME);
    }
    TensorSpec input = signature.inputs().getFirst();
    Tensor tensor = input.datatype() == DataType.BYTES ? text(input, bytes) : numbers(input, bytes);
    return new InferRequest(null, Map.of(input.name(), tensor), List.of(), true, null);
  }

  private static Tensor numbers(TensorSpec input, ByteBuffer bytes) throws RequestException {
    List<Long> dims = fixed(input);
    int open = dims.indexOf(Shape.ANY);
    if (open >= 0) {
      long others = 1;
      for (long dim : dims) {
        others *= dim == Shape.ANY ? 1 : dim;
      }
      long unit = Math.max(1, others * input.datatype().size());
      dims.set(open, bytes.remaining() / unit);
    }
    Shape shape = InputHead.shape(dims);
    if (shape == null) {
      throw RequestException.malformed("the input " + input + " has no shape to send raw");
    }
    try {
      return RawTensor.read(input.datatype(), shape, bytes);
    } catch (RawTensor.FormatException e) {
      throw RequestException.malformed(
          "the body " + e.getMessage() + "; send the elements of " + input);
    }
  }

  private static Tensor text(TensorSpec input, ByteBuffer bytes) throws RequestException {
    List<Long> dims = fixed(input);
    dims.replaceAll(dim -> dim == Shape.ANY ? 1 : dim);
    Shape shape = new Shape(dims);
    if (shape.elements() != 1) {
      throw RequestException.malformed(
          "a raw request has one string, but the model takes " + input + "; send JSON");
    }
    try {
      String value = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
      return new StringTensor(shape, List.of(value));
    } catch (CharacterCodingException e) {
      throw RequestException.malformed("the body is not UTF-8; ONNX strings are UTF-8");
    }
  }

  /** The declared sizes, with at most one left open. */
  private static List<Long> fixed(TensorSpec input) throws RequestException {
    List<Long> dims = new ArrayList<>(input.shape().dims());
    long open = dims.stream().filter(dim -> dim == Shape.ANY).count();
    if (open == 2 && dims.getFirst() == Shape.ANY) {
      dims.set(0, 1L);
    } else if (open > 1) {
      throw RequestException.malformed(
          "the input " + input + " has several sizes that vary; send JSON with its shape");
    }
    return dims;
  }
}
