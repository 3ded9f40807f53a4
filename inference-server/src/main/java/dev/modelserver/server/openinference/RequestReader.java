package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads inference requests: JSON, and behind it the binary data of the inputs that have some, in
 * their order. Tensors of binary data stay in the body, which must not change while they are used.
 */
final class RequestReader {

  private RequestReader() {}

  /**
   * Reads a request.
   *
   * @param json its JSON, in the first {@code jsonLength} bytes
   * @param binary what follows it, from the buffer's beginning to its limit
   */
  static InferRequest read(byte[] json, int jsonLength, ByteBuffer binary, ElementLimits limits)
      throws RequestException {
    RequestHead head = RequestScanner.scan(json, jsonLength);
    return read(head != null ? head : RequestParser.parse(json, jsonLength), json, binary, limits);
  }

  /** The second half: from what the JSON says to tensors. */
  static InferRequest read(RequestHead head, byte[] json, ByteBuffer binary, ElementLimits limits)
      throws RequestException {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    int position = 0;
    for (InputHead input : head.inputs) {
      String name = input.name();
      Long size = input.binarySize;
      Tensor tensor;
      if (size == null) {
        tensor = fromJson(input, json, limits);
      } else {
        tensor = fromBinary(input, size, binary, position, limits);
        position += size.intValue();
      }
      if (inputs.put(name, tensor) != null) {
        throw RequestException.malformed(
            "the input \"" + Excerpt.of(name) + "\" is given twice; send each input once");
      }
    }
    if (position < binary.limit()) {
      throw RequestException.malformed(
          "the body goes on for "
              + (binary.limit() - position)
              + " bytes after the JSON and the binary data of its inputs; correct "
              + BinaryHeader.NAME
              + " or binary_data_size");
    }
    checkOutputs(head);
    return new InferRequest(head.id, inputs, head.outputs, head.binaryOutputs, head.timeout);
  }

  private static Tensor fromJson(InputHead input, byte[] bytes, ElementLimits limits)
      throws RequestException {
    Tensor scanned = input.data;
    if (scanned != null) {
      return scanned;
    }
    if (input.dataFrom < 0) {
      throw RequestException.malformed(
          input.place + ".data is missing; send a list of values, or binary data");
    }
    Tensor unread = limits.unread(input);
    if (unread != null) {
      return unread;
    }
    limits.reserve(input, input.dataTo - input.dataFrom);
    return DataParser.parse(bytes, input);
  }

  private static Tensor fromBinary(
      InputHead input, long size, ByteBuffer binary, int position, ElementLimits limits)
      throws RequestException {
    if (input.data != null || input.dataFrom >= 0) {
      throw RequestException.malformed(
          input.place + " has data and binary_data_size; send one of them");
    }
    if (size > binary.limit() - position) {
      throw RequestException.malformed(
          input.place
              + ".parameters.binary_data_size is "
              + size
              + ", but "
              + (binary.limit() - position)
              + " bytes follow the JSON; the header "
              + BinaryHeader.NAME
              + " says where they begin");
    }
    Tensor unread = limits.unread(input);
    if (unread != null) {
      return unread;
    }
    limits.reserve(input, size);
    try {
      return RawTensor.read(input.datatype(), input.shape(), binary.slice(position, (int) size));
    } catch (RawTensor.FormatException e) {
      throw RequestException.malformed(
          "the binary data of " + input.place + " " + e.getMessage() + "; correct them");
    }
  }

  private static void checkOutputs(RequestHead head) throws RequestException {
    long distinct = head.outputs.stream().map(WantedOutput::name).distinct().count();
    if (distinct < head.outputs.size()) {
      throw RequestException.malformed("an output is named twice; name each output once");
    }
  }
}
