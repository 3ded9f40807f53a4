package dev.modelserver.server.grpc;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.InferMessage.Slice;
import dev.modelserver.server.oip.ElementSource;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.List;

/** The elements of one input in its InferTensorContents. */
final class MessageContents implements ElementSource {

  private final byte[] bytes;
  private final String place;
  private final List<Slice> parts;

  /**
   * Elements that have not been read.
   *
   * @param bytes the message
   * @param place of the contents, for an error: {@code inputs[0].contents}
   * @param parts of the message that they are in
   */
  MessageContents(byte[] bytes, String place, List<Slice> parts) {
    this.bytes = bytes;
    this.place = place;
    this.parts = parts;
  }

  byte[] bytes() {
    return bytes;
  }

  String place() {
    return place;
  }

  List<Slice> parts() {
    return parts;
  }

  @Override
  public long length() {
    return parts.stream().mapToLong(Slice::length).sum();
  }

  @Override
  public boolean inPlace() {
    return false;
  }

  @Override
  public Tensor read(DataType type, Shape shape) throws RequestException {
    return new ContentsReader(this, type, shape).tensor();
  }
}
