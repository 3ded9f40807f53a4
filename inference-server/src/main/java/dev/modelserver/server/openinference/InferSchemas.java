package dev.modelserver.server.openinference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.openapi.Schemas;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.util.List;

/** What requests and answers of {@code infer} look like for one model, as JSON Schema. */
final class InferSchemas {

  private InferSchemas() {}

  static ObjectNode request(ServedModel model) {
    ObjectNode request = Schemas.object();
    Schemas.optional(
        request, "id", Schemas.type("string").put("description", "Comes back in the answer."));
    Schemas.optional(request, "parameters", Schemas.type("object"));
    List<TensorSpec> inputs = model.signature().inputs();
    Schemas.property(
        request,
        "inputs",
        Schemas.array(Schemas.anyOf(inputs.stream().map(InferSchemas::input).toList()))
            .put("minItems", Math.min(1, inputs.size())));
    ObjectNode output = Schemas.object();
    ArrayNode names =
        Schemas.property(output, "name", Schemas.type("string"))
            .withObjectProperty("properties")
            .withObjectProperty("name")
            .putArray("enum");
    model.signature().outputs().forEach(spec -> names.add(spec.name()));
    Schemas.optional(output, "parameters", Schemas.type("object"));
    return Schemas.optional(
        request,
        "outputs",
        Schemas.array(output).put("description", "The outputs wanted; all of them when absent."));
  }

  static ObjectNode response(ServedModel model) {
    ObjectNode response = Schemas.object();
    Schemas.property(response, "model_name", Schemas.constant(model.identity().name()));
    Schemas.property(response, "model_version", Schemas.constant(model.identity().version()));
    Schemas.optional(response, "id", Schemas.type("string"));
    List<ObjectNode> outputs =
        model.signature().outputs().stream().map(InferSchemas::output).toList();
    return Schemas.property(response, "outputs", Schemas.array(Schemas.anyOf(outputs)));
  }

  /** A tensor as metadata tells it. */
  static ObjectNode spec() {
    ObjectNode spec = Schemas.object();
    Schemas.property(spec, "name", Schemas.type("string"));
    Schemas.property(spec, "datatype", Schemas.type("string"));
    return Schemas.property(
        spec,
        "shape",
        Schemas.array(Schemas.type("integer").put("minimum", -1))
            .put("description", "Sizes, outermost first; -1 varies."));
  }

  private static ObjectNode input(TensorSpec spec) {
    ObjectNode tensor = tensor(spec);
    ObjectNode shape =
        Schemas.array(
            Schemas.type("integer").put("minimum", 0),
            spec.anyShape() ? Shape.ANY : spec.shape().rank());
    if (spec.shape().rank() > 0) {
      ArrayNode sizes = shape.putArray("prefixItems");
      for (long dim : spec.shape().dims()) {
        ObjectNode size = sizes.addObject().put("type", "integer");
        var _ = dim < 0 ? size.put("minimum", 0) : size.put("const", dim);
      }
    }
    return Schemas.property(tensor, "shape", shape);
  }

  /** The shape of an output is known for certain only when it is there. */
  private static ObjectNode output(TensorSpec spec) {
    return Schemas.property(
        tensor(spec), "shape", Schemas.array(Schemas.type("integer").put("minimum", 0)));
  }

  private static ObjectNode tensor(TensorSpec spec) {
    ObjectNode tensor = Schemas.object().put("title", spec.toString());
    Schemas.property(tensor, "name", Schemas.constant(spec.name()));
    Schemas.property(tensor, "datatype", Schemas.constant(spec.datatype().name()));
    Schemas.optional(tensor, "parameters", Schemas.type("object"));
    return Schemas.optional(tensor, "data", data(spec.datatype()));
  }

  /** Flat or nested; NaN and the infinities are null. */
  private static ObjectNode data(DataType type) {
    ObjectNode element = Schemas.element(type);
    return Schemas.array(
        Schemas.anyOf(
            List.of(type.isFloat() ? Schemas.orNull(element) : element, Schemas.type("array"))));
  }
}
