package dev.modelserver.server.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.NumericTensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Requests of tests. Each is read by the scanner, if it takes it, and by the parser, and both must
 * agree.
 */
final class Requests {

  /** Everything is read. */
  static final ElementLimits UNLIMITED = new ElementLimits((name, type) -> true, bytes -> true);

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
  static InferRequest read(String body) throws RequestException {
    byte[] bytes = body.strip().getBytes(StandardCharsets.UTF_8);
    return read(bytes, bytes.length);
  }

  /** What the parser gives, once the scanner's is seen to be the same, or to be none. */
  static InferRequest read(byte[] body, int jsonLength) throws RequestException {
    ByteBuffer binary = ByteBuffer.wrap(body, jsonLength, body.length - jsonLength).slice();
    @Nullable RequestHead scanned = RequestScanner.scan(body, jsonLength);
    InferRequest parsed =
        RequestReader.read(RequestParser.parse(body, jsonLength), body, binary, UNLIMITED);
    if (scanned != null) {
      assertThat(RequestReader.read(scanned, body, binary, UNLIMITED)).isEqualTo(parsed);
    }
    return parsed;
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
