package dev.modelserver.server.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/**
 * A model file as its protobuf fields, one after the other: nothing is kept, weights are passed
 * over. What is no protobuf is an {@link InvalidProtocolBufferException}.
 */
final class ProtobufFields {

  /** Of a name of a node, a value or an operator. */
  static final int MAX_NAME_BYTES = 4096;

  /** Reads what is inside a field that holds a message. */
  @FunctionalInterface
  interface Reader {
    void read() throws IOException, ModelLoadException;
  }

  private final CodedInputStream in;
  private long start;
  private int tag;

  ProtobufFields(InputStream in) {
    this.in = CodedInputStream.newInstance(in);
    this.in.setSizeLimit(Integer.MAX_VALUE);
  }

  /** Goes to the next field of this message; false at its end. */
  boolean next() throws IOException {
    start = in.getTotalBytesRead();
    tag = in.readTag();
    return tag != 0;
  }

  int field() {
    return WireFormat.getTagFieldNumber(tag);
  }

  /** Whether the field holds text, bytes, a message or packed numbers. */
  boolean delimited() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** Passes over the field. */
  void skip() throws IOException, ModelLoadException {
    if (!in.skipField(tag)) {
      throw invalid("the file is not an ONNX model");
    }
  }

  /** Passes over a field that holds bytes, and tells where it lies. */
  Place skipped() throws IOException {
    long from = start;
    int length = in.readRawVarint32();
    long content = in.getTotalBytesRead();
    in.skipRawBytes(length);
    return new Place(from, content, in.getTotalBytesRead());
  }

  /** The number in the field. */
  long number() throws IOException {
    return in.readInt64();
  }

  /** Every number in the field: one, or a packed list. */
  void numbers(LongConsumer into) throws IOException {
    if (!delimited()) {
      into.accept(in.readInt64());
      return;
    }
    int outer = in.pushLimit(in.readRawVarint32());
    while (in.getBytesUntilLimit() > 0) {
      into.accept(in.readInt64());
    }
    in.popLimit(outer);
  }

  /** The 32 bits of a float in the field. */
  float floating() throws IOException {
    return in.readFloat();
  }

  /** Every float or double in the field: one, or a packed list. */
  void floats(boolean wide, DoubleConsumer into) throws IOException {
    if (!delimited()) {
      into.accept(wide ? in.readDouble() : in.readFloat());
      return;
    }
    int outer = in.pushLimit(in.readRawVarint32());
    while (in.getBytesUntilLimit() > 0) {
      into.accept(wide ? in.readDouble() : in.readFloat());
    }
    in.popLimit(outer);
  }

  /** The bytes in the field; empty, and passed over, when there are more than {@code most}. */
  Optional<byte[]> bytes(int most) throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > most) {
      in.skipRawBytes(length);
      return Optional.empty();
    }
    return Optional.of(in.readRawBytes(length));
  }

  /** The text in the field, which must be short. */
  String text() throws IOException, ModelLoadException {
    int length = in.readRawVarint32();
    if (length < 0 || length > MAX_NAME_BYTES) {
      throw invalid(
          "the model has a name of more than "
              + MAX_NAME_BYTES
              + " bytes where a short one belongs");
    }
    return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
  }

  /** Reads the message in the field, all of it. */
  Place message(Reader reader) throws IOException, ModelLoadException {
    long from = start;
    int outer = in.pushLimit(in.readRawVarint32());
    long content = in.getTotalBytesRead();
    reader.read();
    in.checkLastTagWas(0);
    if (in.getBytesUntilLimit() != 0) {
      // a tag of 0 is also what the end of a truncated file reads as
      throw invalid(
          "the file is not an ONNX model, or not all of it; export it again and compare its size");
    }
    in.popLimit(outer);
    return new Place(from, content, in.getTotalBytesRead());
  }

  private static ModelLoadException invalid(String message) {
    return new ModelLoadException(ModelLoadException.Kind.INVALID, message);
  }
}
