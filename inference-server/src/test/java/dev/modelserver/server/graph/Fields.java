package dev.modelserver.server.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A protobuf message, written field by field. */
final class Fields {

  private final ByteString.Output bytes = ByteString.newOutput();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  private Fields() {}

  static Fields of() {
    return new Fields();
  }

  Fields text(int field, String value) {
    return message(field, ByteString.copyFromUtf8(value));
  }

  Fields message(int field, ByteString value) {
    try {
      out.writeBytes(field, value);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Fields number(int field, long value) {
    try {
      out.writeInt64(field, value);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ByteString bytes() {
    try {
      out.flush();
      return bytes.toByteString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
