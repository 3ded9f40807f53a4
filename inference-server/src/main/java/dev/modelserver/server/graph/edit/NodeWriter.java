package dev.modelserver.server.graph.edit;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a node as the field of a graph or a function;
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers.
 */
public final class NodeWriter {

  private static final int INT = 2;
  private static final int TENSOR = 4;
  private static final int INTS = 7;

  private final String operator;
  private final List<String> inputs;
  private final String output;
  private final List<ByteString> attributes = new ArrayList<>();
  private String name = "";

  /** A node of the default domain. */
  public NodeWriter(String operator, List<String> inputs, String output) {
    this.operator = operator;
    this.inputs = inputs;
    this.output = output;
  }

  /** A Constant: a scalar, or a list when it has dimensions. */
  public static NodeWriter constant(String output, int type, long value, long... dims) {
    int size = type == 7 ? Long.BYTES : Integer.BYTES;
    ByteBuffer raw = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    ByteString tensor =
        Message.of(
            out -> {
              for (long dim : dims) {
                out.writeInt64(1, dim);
              }
              out.writeInt32(2, type);
              out.writeByteArray(9, Arrays.copyOf(raw.array(), size));
            });
    return new NodeWriter("Constant", List.of(), output)
        .attribute("value", TENSOR, out -> out.writeBytes(5, tensor));
  }

  public NodeWriter named(String given) {
    name = given;
    return this;
  }

  /** Adds an attribute that is an integer. */
  public NodeWriter with(String attribute, long value) {
    return attribute(attribute, INT, out -> out.writeInt64(3, value));
  }

  /** Adds an attribute that is a list of one integer. */
  public NodeWriter withList(String attribute, long value) {
    return attribute(attribute, INTS, out -> out.writeInt64(8, value));
  }

  private NodeWriter attribute(String attribute, int kind, Message.Fields value) {
    attributes.add(
        Message.of(
            out -> {
              out.writeString(1, attribute);
              value.write(out);
              out.writeInt32(20, kind);
            }));
    return this;
  }

  /**
   * The whole field.
   *
   * @param number of the field that holds nodes
   */
  public ByteString field(int number) {
    return Message.field(number, Message.of(this::fields));
  }

  private void fields(CodedOutputStream out) throws IOException {
    for (String input : inputs) {
      out.writeString(1, input);
    }
    out.writeString(2, output);
    if (!name.isEmpty()) {
      out.writeString(3, name);
    }
    out.writeString(4, operator);
    for (ByteString attribute : attributes) {
      out.writeBytes(5, attribute);
    }
  }
}
