package dev.modelserver.operator.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.io.IOException;

/**
 * How the data of a ControllerRevision is read: as JSON, whatever it is. The client's own way takes
 * it for an object of Kubernetes, and fails where it only looks like one.
 */
abstract class RecordData {
  @JsonDeserialize(using = Tree.class)
  Object data = "";

  @JsonDeserialize(using = Tree.class)
  abstract void setData(Object data);

  static final class Tree extends JsonDeserializer<Object> {
    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.readValueAsTree();
    }
  }
}
