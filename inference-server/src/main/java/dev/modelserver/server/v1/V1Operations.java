package dev.modelserver.server.v1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.openapi.ApiGroup;
import dev.modelserver.server.openapi.ApiSection;
import dev.modelserver.server.openapi.Example;
import dev.modelserver.server.openapi.ExampleShapes;
import dev.modelserver.server.openapi.ExampleTensor;
import dev.modelserver.server.openapi.ExampleValues;
import dev.modelserver.server.openapi.Failure;
import dev.modelserver.server.openapi.Operation;
import dev.modelserver.server.openapi.Schemas;
import dev.modelserver.server.predict.ExampleRows;
import dev.modelserver.server.rows.RowReader;
import dev.modelserver.server.tensor.Shape;
import jakarta.inject.Singleton;
import java.util.List;

/** The V1 protocol in the OpenAPI document, for the one model there is. */
@Singleton
public final class V1Operations implements ApiSection {

  private static final String JSON = "application/json";

  @Override
  public List<Operation> operations(ServedModel model, ExampleValues values) {
    String path = "/v1/models/" + Operation.segment(model.identity().name());
    return List.of(
        predict(model, path, values),
        Operation.get(ApiGroup.V1, path, "v1Model")
            .summary("Whether the model is ready")
            .answer(200, "It is", JSON, ready(true))
            .answer(503, "Not yet, or not any more", JSON, ready(false)),
        Operation.get(ApiGroup.V1, "/v1/models", "v1Models")
            .summary("The models there are")
            .answer(
                200,
                "One, or none while it is being loaded",
                JSON,
                Schemas.property(
                    Schemas.object(), "models", Schemas.array(Schemas.type("string")))));
  }

  private static Operation predict(ServedModel model, String path, ExampleValues values) {
    Operation predict =
        Operation.post(ApiGroup.V1, path + ":predict", "v1Predict")
            .summary("Predict from instances")
            .description(
                "An instance is a row of values, an object with values by name, or a tensor"
                    + " without its batch axis. A model of one output gives its row for each, a"
                    + " model of several an object with their names.")
            .body(JSON, request())
            .answer(200, "`predictions` in the order of the instances", JSON, answer())
            .fails(Failure.inference())
            .fails(Failure.NotFound);
    V1Model rows = V1Model.of(model);
    ExampleRows examples = new ExampleRows(rows.layout(), values);
    if (InstanceReader.takesRows(model.signature(), rows.layout())) {
      if (examples.several()) {
        predict.example(example("rows", "Rows", examples.batch(), rows));
      } else if (examples.single()) {
        predict.example(example("row", "A row", list(examples.row()), rows));
      }
      if (examples.named()) {
        predict.example(example("names", "By name", list(examples.byName()), rows));
      }
    } else if (model.signature().inputs().stream().noneMatch(TensorSpec::anyShape)) {
      // the batch axis is the list of instances itself
      predict.firstOf(
          ExampleShapes.of(model, rows.images().shape()).stream()
              .map(shapes -> ExampleTensor.of(model, values, shapes))
              .filter(tensors -> tensors.size() == 1 && oneRow(tensors.getFirst().shape()))
              .map(tensors -> example("tensor", "A tensor", tensors.getFirst().nested(), rows))
              .toList());
    }
    return predict;
  }

  private static boolean oneRow(Shape shape) {
    return shape.rank() > 0 && shape.dim(0) == 1;
  }

  private static Example example(String name, String summary, ArrayNode instances, V1Model rows) {
    ObjectNode body = Schemas.node();
    body.set("instances", instances);
    return new Example(name, summary, body, rows);
  }

  private static ArrayNode list(JsonNode only) {
    return JsonNodeFactory.instance.arrayNode().add(only);
  }

  private static ObjectNode request() {
    return Schemas.property(
        Schemas.object(),
        "instances",
        Schemas.array(Schemas.node()).put("minItems", 1).put("maxItems", RowReader.MAX_ROWS));
  }

  private static ObjectNode answer() {
    return Schemas.property(
        Schemas.object(), "predictions", Schemas.array(Schemas.node()).put("minItems", 1));
  }

  private static ObjectNode ready(boolean ready) {
    return Schemas.property(
        Schemas.property(Schemas.object(), "name", Schemas.type("string")),
        "ready",
        Schemas.type("boolean").put("const", ready));
  }
}
