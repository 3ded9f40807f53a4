package dev.modelserver.server.graph.edit;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes protobuf messages of a model. */
public final class Message {

  /** Writes the fields of a message. */
  @FunctionalInterface
  public interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private Message() {}

  /** The bytes of a message with these fields. */
  public static ByteString of(Fields fields) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteString();
  }

  /** The bytes of a field that holds this message. */
  public static ByteString field(int number, ByteString message) {
    return of(out -> out.writeBytes(number, message));
  }
}
