package dev.modelserver.server.v1;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.DataType;

/**
 * A request of the V1 protocol, in one of the two formats of TensorFlow Serving: by row, {@code
 * {"instances":[…]}}, or by column, {@code {"inputs":…}}.
 *
 * @param byColumn whether it came by column, and is answered so
 */
record V1Request(Rows rows, boolean byColumn) {

  private static final String EXAMPLE = "send {\"instances\":[…]}";

  /** Reads a body; names other than the two, such as signature_name, mean nothing here. */
  static V1Request read(Signature signature, InputLayout layout, ImageInput images, Body body)
      throws RequestException {
    JsonReader json = new JsonReader(body.bytes(), body.length());
    if (json.atEnd()) {
      throw RequestException.malformed("the body is empty; " + EXAMPLE);
    }
    if (json.peek() != JsonReader.Kind.OBJECT) {
      throw RequestException.malformed("the body is not a JSON object; " + EXAMPLE);
    }
    boolean texts =
        signature.inputs().stream().anyMatch(input -> input.datatype() == DataType.BYTES);
    ImageValues pictures = new ImageValues(json, images, body, texts);
    V1Request request = null;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      boolean byColumn = name.equals("inputs");
      if (!byColumn && !name.equals("instances")) {
        json.skip();
        continue;
      }
      if (request != null) {
        throw RequestException.malformed("the body has instances and inputs; send one of them");
      }
      Rows rows =
          byColumn
              ? new ColumnReader(json, signature, layout, pictures).read()
              : new InstanceReader(json, signature, layout, pictures).read();
      request = new V1Request(rows, byColumn);
    }
    if (request == null) {
      throw RequestException.malformed("instances is missing; " + EXAMPLE);
    }
    if (!json.atEnd()) {
      throw RequestException.malformed(
          "the body goes on after the JSON object; send one object per request");
    }
    return request;
  }
}
