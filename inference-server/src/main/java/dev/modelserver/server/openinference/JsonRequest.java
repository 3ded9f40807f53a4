package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.oip.BinaryElements;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.oip.InputReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request in JSON, and behind it the binary data of the inputs that have some, in their
 * order. Names that the protocol does not know are passed over, and null is treated as absent.
 */
final class JsonRequest {

  private static final String EXAMPLE =
      "send {\"inputs\":[{\"name\":…,\"datatype\":…,\"shape\":[…],\"data\":[…]}]}";
  private static final String BINARY_SIZE = "binary_data_size";

  private final JsonReader json;
  private final InferRequestReader request;
  private final List<Binary> binaries = new ArrayList<>();

  /** An input whose elements are behind the JSON. */
  private record Binary(InputReader input, int size) {}

  private JsonRequest(JsonReader json, InferRequestReader request) {
    this.json = json;
    this.request = request;
  }

  /**
   * Reads a request.
   *
   * @param bytes its JSON, in the first {@code length} bytes
   * @param binary what follows it, from the buffer's beginning to its limit, which must not change
   *     while the request's tensors are used
   */
  static InferRequest read(byte[] bytes, int length, ByteBuffer binary, InferRequestReader request)
      throws RequestException, InferenceException {
    JsonReader json = new JsonReader(bytes, length);
    if (json.atEnd()) {
      throw RequestException.malformed("the body is empty; " + EXAMPLE);
    }
    if (!json.sees('{')) {
      throw RequestException.malformed("the body is not a JSON object in UTF-8; " + EXAMPLE);
    }
    JsonRequest reader = new JsonRequest(json, request);
    reader.request();
    reader.binaries(binary);
    return request.request();
  }

  private void request() throws RequestException, InferenceException {
    boolean inputs = false;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (json.takeNull()) {
        continue;
      }
      switch (name) {
        case "id" -> request.id(json.string());
        case "inputs" -> {
          inputs = true;
          json.beginList();
          while (json.nextElement()) {
            input(request.input());
          }
        }
        case "outputs" -> {
          json.beginList();
          while (json.nextElement()) {
            output();
          }
        }
        case "parameters" -> parameters();
        default -> json.skip();
      }
    }
    if (!inputs) {
      throw RequestException.malformed("inputs is missing; " + EXAMPLE);
    }
    if (!json.atEnd()) {
      throw RequestException.malformed(
          "the body goes on after the JSON object; binary data need the header "
              + BinaryHeader.NAME);
    }
  }

  private void parameters() throws RequestException {
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "binary_data_output" -> request.binaryOutputs(json.bool());
        case "timeout" -> request.timeout(json.natural(Long.MAX_VALUE, "a number of microseconds"));
        default -> json.skip();
      }
    }
  }

  private void input(InputReader input) throws RequestException, InferenceException {
    JsonReader data = null;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (json.takeNull()) {
        continue;
      }
      switch (name) {
        case "name" -> input.name(json.string());
        case "datatype" -> input.datatype(json.string());
        case "shape" -> input.shape(shape());
        case "parameters" -> inputParameters(input);
        case "data" -> {
          input.elementsIn(name);
          if (input.isDescribed()) {
            input.read(new JsonElements(json));
          } else {
            data = json.later();
          }
        }
        default -> json.skip();
      }
    }
    if (data != null) {
      input.read(new JsonElements(data));
    }
  }

  private List<Long> shape() throws RequestException {
    List<Long> dims = new ArrayList<>(4);
    json.beginList();
    while (json.nextElement()) {
      long dim = json.natural(Integer.MAX_VALUE, "a size");
      if (dims.size() <= InputReader.MAX_RANK) {
        dims.add(dim);
      }
    }
    return dims;
  }

  private void inputParameters(InputReader input) throws RequestException {
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals(BINARY_SIZE)) {
        input.elementsIn(name);
        long size = json.natural(Integer.MAX_VALUE, "a number of bytes");
        binaries.add(new Binary(input, (int) size));
      } else {
        input.parameter(name);
        json.skip();
      }
    }
  }

  private void output() throws RequestException {
    String output = null;
    Boolean binary = null;
    request.beginOutput();
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (json.takeNull()) {
        continue;
      }
      switch (name) {
        case "name" -> output = json.string();
        case "parameters" -> binary = outputParameters();
        default -> json.skip();
      }
    }
    request.output(output, binary);
  }

  private @Nullable Boolean outputParameters() throws RequestException {
    Boolean binary = null;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("binary_data")) {
        binary = json.bool();
      } else {
        request.outputParameter(name);
        json.skip();
      }
    }
    return binary;
  }

  private void binaries(ByteBuffer bytes) throws RequestException, InferenceException {
    int position = 0;
    for (Binary binary : binaries) {
      String place = binary.input().place();
      int left = bytes.limit() - position;
      if (binary.size() > left) {
        throw RequestException.malformed(
            "%s.parameters.%s is %d, but %d bytes follow the JSON; the header %s says where they begin"
                .formatted(place, BINARY_SIZE, binary.size(), left, BinaryHeader.NAME));
      }
      binary
          .input()
          .read(
              new BinaryElements(
                  "the binary data of " + place, bytes.slice(position, binary.size())));
      position += binary.size();
    }
    if (position < bytes.limit()) {
      throw RequestException.malformed(
          "the body goes on for %d bytes after the JSON and the binary data of its inputs; correct %s or %s"
              .formatted(bytes.limit() - position, BinaryHeader.NAME, BINARY_SIZE));
    }
  }
}
