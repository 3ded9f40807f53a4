package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.oip.BinaryElements;
import dev.modelserver.server.oip.ElementSource;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.oip.InputReader;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a body that is nothing but the elements of the model's one input. Its type is the model's,
 * its shape too, with the one size that varies told by the number of bytes; where two vary, the
 * first counts rows and is 1. For an input of strings the body is one string, as it is.
 */
final class RawRequest {

  private RawRequest() {}

  /** All outputs of the answer are binary data. */
  static InferRequest read(Signature signature, ByteBuffer bytes, InferRequestReader request)
      throws RequestException, InferenceException {
    if (signature.inputs().size() != 1) {
      throw RequestException.malformed(
          "the model has %d inputs; a raw request takes a model of one: send JSON with %s"
              .formatted(signature.inputs().size(), BinaryHeader.NAME));
    }
    TensorSpec spec = signature.inputs().getFirst();
    boolean text = spec.datatype() == DataType.BYTES;
    InputReader input = request.input();
    input.name(spec.name());
    input.datatype(spec.datatype().name());
    input.shape(text ? oneElement(spec) : shape(spec, bytes.remaining()));
    input.read(text ? new RawText(bytes) : new BinaryElements("the body", bytes));
    request.binaryOutputs(true);
    return request.request();
  }

  private static List<Long> shape(TensorSpec input, int bytes) throws RequestException {
    List<Long> dims = fixed(input);
    int open = dims.indexOf(Shape.ANY);
    if (open >= 0) {
      long others = 1;
      for (long dim : dims) {
        others *= dim == Shape.ANY ? 1 : dim;
      }
      long unit = Math.max(1, others * input.datatype().size());
      dims.set(open, bytes / unit);
    }
    return dims;
  }

  private static List<Long> oneElement(TensorSpec input) throws RequestException {
    List<Long> dims = fixed(input);
    dims.replaceAll(dim -> dim == Shape.ANY ? 1 : dim);
    if (dims.stream().anyMatch(dim -> dim != 1)) {
      throw RequestException.malformed(
          "a raw request has one string, but the model takes %s; send JSON".formatted(input));
    }
    return dims;
  }

  /** A body that is one string. */
  private record RawText(ByteBuffer bytes) implements ElementSource {
    @Override
    public long length() {
      return bytes.remaining();
    }

    @Override
    public boolean inPlace() {
      return false;
    }

    @Override
    public Tensor read(DataType type, Shape shape) throws RequestException {
      try {
        String value = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        return new StringTensor(shape, List.of(value));
      } catch (CharacterCodingException e) {
        throw RequestException.malformed("the body is not UTF-8; ONNX strings are UTF-8");
      }
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
