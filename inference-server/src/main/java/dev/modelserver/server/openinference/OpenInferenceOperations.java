package dev.modelserver.server.openinference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.image.ImageInput;
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
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The Open Inference Protocol in the OpenAPI document, for the one model there is. */
@Singleton
public final class OpenInferenceOperations implements ApiSection {

  private static final String JSON = "application/json";

  private static final String TEXT =
      """
      Tensors by name; `data` is row-major, nested or flat. Name `outputs` to get only those. Numbers may travel as bytes after the JSON \
      (the binary tensor extension: `Content-Type: application/octet-stream` and the header `Inference-Header-Content-Length`), \
      which FP16 and BF16 must.\
      """;

  @Override
  public List<Operation> operations(ServedModel model, ExampleValues values) {
    String path = "/v2/models/" + Operation.segment(model.identity().name());
    return List.of(
        infer(model, path, values),
        get(path, "modelMetadata", "What the model takes and gives")
            .answer(200, "Inputs and outputs; the description as properties", JSON, metadata())
            .shows(ModelPages.metadata(model))
            .fails(Failure.Unavailable),
        get(path + "/ready", "modelReady", "Whether the model is ready")
            .answer(200, "It is", JSON, ready(true))
            .answer(503, "Not yet, or not any more", JSON, ready(false)),
        get(path + "/stats", "modelStatistics", "How often the model ran, and how long")
            .answer(200, "The statistics extension", JSON, Schemas.type("object"))
            .fails(Failure.Unavailable),
        get("/v2", "serverMetadata", "What the server is")
            .answer(200, "Name, version and extensions", JSON, server()),
        get("/v2/health/live", "serverLive", "Whether the process lives")
            .answer(200, "It does", JSON, flag("live"))
            .answer(503, "Only a restart helps", JSON, flag("live")),
        get("/v2/health/ready", "serverReady", "Whether new clients are welcome")
            .answer(200, "They are", JSON, flag("ready"))
            .answer(503, "Not yet, or not any more", JSON, flag("ready")));
  }

  private static Operation infer(ServedModel model, String path, ExampleValues values) {
    Operation infer =
        Operation.post(ApiGroup.OPEN_INFERENCE, path + "/infer", "infer")
            .summary("Infer")
            .description(TEXT)
            .body(JSON, Schemas.ref("InferRequest"))
            .answer(200, "The outputs", JSON, Schemas.ref("InferResponse"))
            .fails(Failure.inference())
            .fails(Failure.NotFound)
            .schema("InferRequest", InferSchemas.request(model))
            .schema("InferResponse", InferSchemas.response(model));
    ImageInput images = ImageInput.of(model.signature(), model.description().image());
    return infer.firstOf(
        ExampleShapes.of(model, images.shape()).stream()
            .flatMap(shapes -> example(model, path, values, shapes).stream())
            .toList());
  }

  private static Optional<Example> example(
      ServedModel model, String path, ExampleValues values, List<Shape> shapes) {
    List<TensorSpec> inputs = model.signature().inputs();
    List<ExampleTensor> tensors = ExampleTensor.of(model, values, shapes);
    boolean telling =
        inputs.stream().map(TensorSpec::datatype).noneMatch(OpenInferenceOperations::onlyBinary);
    if ((tensors.isEmpty() && !inputs.isEmpty()) || !telling) {
      return ExampleProgram.of(model, path, shapes);
    }
    ObjectNode body = Schemas.node().put("id", "1");
    ArrayNode list = body.putArray("inputs");
    for (ExampleTensor tensor : tensors) {
      ObjectNode input = list.addObject().put("name", tensor.spec().name());
      ArrayNode shape = input.putArray("shape");
      tensor.shape().dims().forEach(shape::add);
      input.put("datatype", tensor.spec().datatype().name()).set("data", tensor.data());
    }
    return Optional.of(
        new Example(
            "row",
            "One row",
            body,
            new InferTranslator(new ModelPath(model.identity().name(), null), List.of())));
  }

  private static boolean onlyBinary(DataType type) {
    return type == DataType.FP16 || type == DataType.BF16;
  }

  private static Operation get(String path, String id, String summary) {
    return Operation.get(ApiGroup.OPEN_INFERENCE, path, id).summary(summary);
  }

  private static ObjectNode metadata() {
    ObjectNode metadata = Schemas.object();
    Schemas.property(metadata, "name", Schemas.type("string"));
    Schemas.property(metadata, "versions", Schemas.array(Schemas.type("string")));
    Schemas.property(metadata, "platform", Schemas.constant(ModelPages.PLATFORM));
    Schemas.property(metadata, "inputs", Schemas.array(InferSchemas.spec()));
    Schemas.property(metadata, "outputs", Schemas.array(InferSchemas.spec()));
    ObjectNode properties = Schemas.type("object");
    properties.set("additionalProperties", Schemas.type("string"));
    return Schemas.property(metadata, "properties", properties);
  }

  private static ObjectNode ready(boolean ready) {
    return Schemas.property(
        Schemas.property(Schemas.object(), "name", Schemas.type("string")),
        "ready",
        Schemas.type("boolean").put("const", ready));
  }

  private static ObjectNode flag(String name) {
    return Schemas.property(Schemas.object(), name, Schemas.type("boolean"));
  }

  private static ObjectNode server() {
    ObjectNode server = Schemas.object();
    Schemas.property(server, "name", Schemas.type("string"));
    Schemas.property(server, "version", Schemas.type("string"));
    return Schemas.property(server, "extensions", Schemas.array(Schemas.type("string")));
  }
}
