package dev.modelserver.e2e.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Small ONNX files that no exporter would write, in the wire format of Protocol Buffers; field
 * numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
public final class OnnxFile {
  private static final int FLOAT = 1;
  private static final int EXTERNAL = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private OnnxFile() {}

  /** A model Y = X that asks for an operator set version. */
  public static byte[] identity(int opset) {
    return model(
        opset,
        graph -> graph.message(1, node -> node.text(1, "X").text(2, "Y").text(4, "Identity")));
  }

  /** A model Y = f(X) with an operator of that name. */
  public static byte[] ofOperator(String operator) {
    return model(
        17, graph -> graph.message(1, node -> node.text(1, "X").text(2, "Y").text(4, operator)));
  }

  /** A model Y = X + W whose four floats W are in another file, at that location. */
  public static byte[] withExternalData(String location) {
    return model(
        17,
        graph ->
            graph
                .message(1, node -> node.text(1, "X").text(1, "W").text(2, "Y").text(4, "Add"))
                .message(
                    5,
                    tensor ->
                        tensor
                            .number(1, 4)
                            .number(2, FLOAT)
                            .text(8, "W")
                            .message(13, entry -> entry.text(1, "location").text(2, location))
                            .number(14, EXTERNAL)));
  }

  private static byte[] model(int opset, Consumer<OnnxFile> body) {
    return new OnnxFile()
        .number(1, 8)
        .message(
            7,
            graph -> {
              body.accept(graph.text(2, "graph"));
              graph
                  .message(11, input -> value(input, "X"))
                  .message(12, output -> value(output, "Y"));
            })
        .message(8, set -> set.text(1, "").number(2, opset))
        .bytes
        .toByteArray();
  }

  /** A tensor of floats with the shape [1, 4]. */
  private static void value(OnnxFile info, String name) {
    info.text(1, name)
        .message(
            2,
            type ->
                type.message(
                    1,
                    tensor ->
                        tensor
                            .number(1, FLOAT)
                            .message(
                                2,
                                shape ->
                                    shape
                                        .message(1, dimension -> dimension.number(1, 1))
                                        .message(1, dimension -> dimension.number(1, 4)))));
  }

  private OnnxFile number(int field, long value) {
    varint(field << 3);
    varint(value);
    return this;
  }

  private OnnxFile text(int field, String value) {
    return delimited(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private OnnxFile message(int field, Consumer<OnnxFile> content) {
    OnnxFile message = new OnnxFile();
    content.accept(message);
    return delimited(field, message.bytes.toByteArray());
  }

  private OnnxFile delimited(int field, byte[] content) {
    varint((field << 3) | 2);
    varint(content.length);
    bytes.writeBytes(content);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    for (; rest > 0x7f; rest >>>= 7) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
    }
    bytes.write((int) rest);
  }
}
