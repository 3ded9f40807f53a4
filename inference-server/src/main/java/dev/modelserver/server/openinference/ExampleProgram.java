package dev.modelserver.server.openinference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.openapi.Example;
import dev.modelserver.server.openapi.Schemas;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A request of zeros as binary data, for models whose inputs are too large for a page or have a
 * type that JSON has not: shown as a program that sends it.
 */
final class ExampleProgram {

  /** A string is its length, in four bytes, and its bytes. */
  private static final int EMPTY_STRING_BYTES = 4;

  /** Larger requests are not tried. */
  private static final long MAX_BYTES = 16 << 20;

  private ExampleProgram() {}

  /**
   * The example; empty where the request would be too large to try.
   *
   * @param shapes of the inputs, in the model's order
   */
  static Optional<Example> of(ServedModel model, String path, List<Shape> shapes) {
    ObjectNode header = Schemas.node();
    ArrayNode inputs = header.putArray("inputs");
    long total = 0;
    for (TensorSpec input : model.signature().inputs()) {
      Shape shape = shapes.get(inputs.size());
      long bytes = bytes(input.datatype(), shape);
      total += bytes;
      if (bytes < 0 || total > MAX_BYTES) {
        return Optional.empty();
      }
      ObjectNode tensor = inputs.addObject().put("name", input.name());
      ArrayNode dims = tensor.putArray("shape");
      shape.dims().forEach(dims::add);
      tensor.put("datatype", input.datatype().name());
      tensor.putObject("parameters").put("binary_data_size", bytes);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int size = json.length + (int) total;
    InferTranslator translator =
        new InferTranslator(
            new ModelPath(model.identity().name(), null), List.of(Integer.toString(json.length)));
    return Optional.of(
        new Example(
            "zeros",
            "Zeros as binary data, sent by the program in the description",
            null,
            program(header, total, path),
            (served, _) -> translator.read(served, Body.of(Arrays.copyOf(json, size)))));
  }

  private static String program(ObjectNode header, long bytes, String path) {
    return """
    A request to this model is too large for this page, or of a type that JSON does not have. This program in Python sends zeros of the right shapes:

    ```python
    import json, urllib.request

    header = json.dumps(%s).encode()
    body = header + bytes(%d)  # the elements of all inputs, one after the other
    request = urllib.request.Request("http://localhost:8080%s/infer", body, {
        "Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(header))})
    print(urllib.request.urlopen(request).read().decode())
    ```\
    """
        .formatted(python(header), bytes, path);
  }

  /** JSON without booleans and nulls is Python; a fence of Markdown cannot end in it. */
  private static String python(ObjectNode header) {
    return header.toString().replace("`", "\\u0060");
  }

  /** Bytes of a tensor of zeros or empty strings; negative when there are too many. */
  private static long bytes(DataType type, Shape shape) {
    try {
      int each = type == DataType.BYTES ? EMPTY_STRING_BYTES : type.size();
      return Math.multiplyExact(shape.elements(), each);
    } catch (ArithmeticException e) {
      return -1;
    }
  }
}
