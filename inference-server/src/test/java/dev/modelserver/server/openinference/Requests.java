package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.tensor.NumericTensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.IntStream;

/** Requests of tests. */
final class Requests {

  private Requests() {}

  /** A request with one input {@code x}. */
  static String input(String type, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\""
        + type
        + "\",\"shape\":"
        + shape
        + ",\"data\":"
        + data
        + "}]}";
  }

  /** Without binary data. */
  static InferRequest read(String body) throws RequestException, InferenceException {
    byte[] bytes = body.strip().getBytes(StandardCharsets.UTF_8);
    return read(bytes, bytes.length);
  }

  /** With the binary data that follow the first bytes. */
  static InferRequest read(byte[] body, int jsonLength)
      throws RequestException, InferenceException {
    return JsonRequest.read(
        body,
        jsonLength,
        ByteBuffer.wrap(body, jsonLength, body.length - jsonLength).slice(),
        anything());
  }

  /** A reader for any inputs, with all the memory they take. */
  static InferRequestReader anything() {
    return new InferRequestReader((name, type, shape) -> {}, bytes -> true);
  }

  static double[] doubles(InferRequest request, String name) {
    NumericTensor tensor = numbers(request, name);
    return IntStream.range(0, (int) tensor.shape().elements())
        .mapToDouble(tensor::doubleAt)
        .toArray();
  }

  static NumericTensor numbers(InferRequest request, String name) {
    return (NumericTensor) Objects.requireNonNull(request.inputs().get(name));
  }
}
