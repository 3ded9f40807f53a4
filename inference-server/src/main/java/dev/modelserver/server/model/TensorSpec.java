package dev.modelserver.server.model;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.io.IOException;
import java.util.List;

/** An input or output as the model declares it; a size of -1 varies from call to call. */
public record TensorSpec(String name, DataType datatype, Shape shape) {

  /** Writes a field with the specs as every page and message shows them. */
  public static void write(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name);
      json.writeStringField("datatype", spec.datatype.name());
      json.writeFieldName("shape");
      spec.writeShape(json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the sizes as an array. */
  public void writeShape(JsonGenerator json) throws IOException {
    long[] dims = shape.toArray();
    json.writeArray(dims, 0, dims.length);
  }

  @Override
  public String toString() {
    return name + " " + datatype + shape;
  }
}
