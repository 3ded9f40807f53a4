package dev.modelserver.server.openinference;

import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usual form of a request straight from its bytes: known names, plain ASCII strings, the
 * datatype and shape of an input before its data. Anything else, right or wrong, it leaves to
 * {@link RequestParser}, which reads the same things with the same result.
 */
final class RequestScanner {

  private final JsonCursor json;
  private final RequestHead head = new RequestHead();

  private RequestScanner(JsonCursor json) {
    this.json = json;
  }

  /** Reads the first {@code length} bytes; null when their form is not the usual one. */
  static @Nullable RequestHead scan(byte[] bytes, int length) {
    RequestScanner scanner = new RequestScanner(new JsonCursor(bytes, length));
    return scanner.request() ? scanner.head : null;
  }

  private boolean request() {
    boolean inputs = false;
    boolean outputs = false;
    boolean parameters = false;
    if (!json.take('{')) {
      return false;
    }
    do {
      boolean read =
          switch (json.key()) {
            case "id" -> head.id == null && (head.id = json.string()) != null;
            case "inputs" -> !inputs && (inputs = inputs());
            case "outputs" -> !outputs && (outputs = outputs());
            case "parameters" -> !parameters && (parameters = parameters());
            case null, default -> false;
          };
      if (!read) {
        return false;
      }
    } while (json.take(','));
    return inputs && json.take('}') && json.atEnd();
  }

  private boolean inputs() {
    if (!json.take('[')) {
      return false;
    }
    do {
      if (head.inputs.size() == InferRequest.MAX_TENSORS || !input()) {
        return false;
      }
    } while (json.take(','));
    return json.take(']');
  }

  private boolean input() {
    InputHead input = new InputHead(head.inputs.size());
    head.inputs.add(input);
    if (!json.take('{')) {
      return false;
    }
    do {
      boolean read =
          switch (json.key()) {
            case "name" -> input.name == null && (input.name = json.string()) != null;
            case "datatype" -> input.datatype == null && datatype(input);
            case "shape" -> input.shape == null && shape(input);
            case "parameters" -> input.binarySize == null && binarySize(input);
            case "data" -> input.data == null && data(input);
            case null, default -> false;
          };
      if (!read) {
        return false;
      }
    } while (json.take(','));
    return json.take('}');
  }

  private boolean datatype(InputHead input) {
    String name = json.string();
    return name != null && (input.datatype = InputHead.datatype(name)) != null;
  }

  private boolean shape(InputHead input) {
    if (!json.take('[')) {
      return false;
    }
    List<Long> dims = new ArrayList<>(4);
    if (!json.take(']')) {
      do {
        long dim = json.natural();
        if (dim < 0) {
          return false;
        }
        dims.add(dim);
      } while (json.take(','));
      if (!json.take(']')) {
        return false;
      }
    }
    return (input.shape = InputHead.shape(dims)) != null;
  }

  /** {@code {"binary_data_size":n}} and nothing else. */
  private boolean binarySize(InputHead input) {
    if (!json.take('{') || !Objects.equals(json.key(), "binary_data_size")) {
      return false;
    }
    long size = json.natural();
    input.binarySize = size;
    return size >= 0 && size <= Integer.MAX_VALUE && json.take('}');
  }

  private boolean data(InputHead input) {
    DataType type = input.datatype;
    Shape shape = input.shape;
    return type != null
        && shape != null
        && (input.data = new DataScanner(json).scan(type, shape)) != null;
  }

  private boolean outputs() {
    if (!json.take('[')) {
      return false;
    }
    do {
      if (head.outputs.size() == InferRequest.MAX_TENSORS || !output()) {
        return false;
      }
    } while (json.take(','));
    return json.take(']');
  }

  /** {@code {"name":"…"}}, perhaps with {@code "parameters":{"binary_data":true}} after it. */
  private boolean output() {
    if (!json.take('{') || !Objects.equals(json.key(), "name")) {
      return false;
    }
    String name = json.string();
    Boolean binary = null;
    if (json.take(',')) {
      if (!Objects.equals(json.key(), "parameters")
          || !json.take('{')
          || !Objects.equals(json.key(), "binary_data")) {
        return false;
      }
      binary = json.truth();
      if (binary == null || !json.take('}')) {
        return false;
      }
    }
    if (name == null || !json.take('}')) {
      return false;
    }
    head.outputs.add(new WantedOutput(name, binary));
    return true;
  }

  /** {@code binary_data_output} and {@code timeout}, each at most once, and nothing else. */
  private boolean parameters() {
    Boolean binary = null;
    if (!json.take('{')) {
      return false;
    }
    do {
      boolean read =
          switch (json.key()) {
            case "binary_data_output" -> binary == null && (binary = json.truth()) != null;
            case "timeout" -> head.timeout == null && timeout();
            case null, default -> false;
          };
      if (!read) {
        return false;
      }
    } while (json.take(','));
    head.binaryOutputs = binary != null && binary;
    return json.take('}');
  }

  private boolean timeout() {
    long micros = json.natural();
    head.timeout = Duration.of(micros, ChronoUnit.MICROS);
    return micros > 0;
  }
}
