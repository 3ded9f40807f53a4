package dev.modelserver.server.oip;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;

/**
 * Elements as the protocol's binary data: little-endian, row-major, strings with their length
 * before them. Numbers stay where they are, so the bytes must not change while they are used.
 *
 * @param place of the bytes, the subject of an error
 * @param bytes from the buffer's position to its limit
 */
public record BinaryElements(String place, ByteBuffer bytes) implements ElementSource {

  @Override
  public long length() {
    return bytes.remaining();
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public Tensor read(DataType type, Shape shape) throws RequestException {
    try {
      return RawTensor.read(type, shape, bytes);
    } catch (RawTensor.FormatException e) {
      throw RequestException.malformed(
          "%s %s; send the elements of the tensor, little-endian and without padding"
              .formatted(place, e.getMessage()));
    }
  }
}
