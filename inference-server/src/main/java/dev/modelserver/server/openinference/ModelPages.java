package dev.modelserver.server.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.inference.ModelProperties;
import dev.modelserver.server.inference.ModelStatistics;
import dev.modelserver.server.inference.ModelStatistics.Total;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import java.io.IOException;
import java.util.List;

/** What the protocol tells about a model: metadata, statistics, configuration, index. */
final class ModelPages {

  /** The name that the protocol gives to ONNX. */
  static final String PLATFORM = "onnx_onnxv1";

  private static final Total NOTHING = new Total(0, 0);

  private ModelPages() {}

  /** Inputs and outputs; the description as properties. */
  static byte[] metadata(ServedModel model) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", model.identity().name());
          json.writeArrayFieldStart("versions");
          json.writeString(model.identity().version());
          json.writeEndArray();
          json.writeStringField("platform", PLATFORM);
          TensorSpec.write(json, "inputs", model.signature().inputs());
          TensorSpec.write(json, "outputs", model.signature().outputs());
          json.writeObjectFieldStart("properties");
          for (var property : ModelProperties.of(model).entrySet()) {
            json.writeStringField(property.getKey(), property.getValue());
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  /** The statistics extension. */
  static byte[] statistics(ModelIdentity identity, ModelStatistics statistics) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("model_stats");
          json.writeStartObject();
          json.writeStringField("name", identity.name());
          json.writeStringField("version", identity.version());
          json.writeNumberField("last_inference", statistics.lastInferenceMillis());
          json.writeNumberField("inference_count", statistics.inferences());
          json.writeNumberField("execution_count", statistics.executions());
          json.writeObjectFieldStart("inference_stats");
          total(json, "success", statistics.success());
          total(json, "fail", statistics.fail());
          total(json, "queue", statistics.queue());
          total(json, "compute_input", statistics.computeInput());
          total(json, "compute_infer", statistics.computeInfer());
          total(json, "compute_output", statistics.computeOutput());
          total(json, "cache_hit", NOTHING);
          total(json, "cache_miss", NOTHING);
          json.writeEndObject();
          json.writeArrayFieldStart("batch_stats");
          for (ModelStatistics.Batch batch : statistics.batches()) {
            json.writeStartObject();
            json.writeNumberField("batch_size", batch.rows());
            total(json, "compute_infer", batch.computeInfer());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** As much of the model configuration extension as is true here: nothing can be set by it. */
  static byte[] configuration(ServedModel model) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", model.identity().name());
          json.writeStringField("platform", "onnxruntime_onnx");
          json.writeStringField("backend", "onnxruntime");
          // sizes are whole shapes: no batch size is to be put before them
          json.writeNumberField("max_batch_size", 0);
          inputs(json, model.signature());
          outputs(json, model.signature());
          json.writeArrayFieldStart("instance_group");
          json.writeStartObject();
          json.writeStringField("kind", "KIND_CPU");
          json.writeNumberField("count", model.service().threads());
          json.writeEndObject();
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** The one model of the server. */
  static byte[] index(ModelIdentity identity) {
    return Json.bytes(
        json -> {
          json.writeStartArray();
          json.writeStartObject();
          json.writeStringField("name", identity.name());
          json.writeStringField("version", identity.version());
          json.writeStringField("state", "READY");
          json.writeStringField("reason", "");
          json.writeEndObject();
          json.writeEndArray();
        });
  }

  private static void total(JsonGenerator json, String field, Total total) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeNumberField("count", total.count());
    json.writeNumberField("ns", total.nanos());
    json.writeEndObject();
  }

  private static void inputs(JsonGenerator json, Signature signature) throws IOException {
    json.writeArrayFieldStart("input");
    configured(json, signature.inputs(), false);
    configured(json, signature.optionalInputs(), true);
    json.writeEndArray();
  }

  private static void outputs(JsonGenerator json, Signature signature) throws IOException {
    json.writeArrayFieldStart("output");
    configured(json, signature.outputs(), false);
    json.writeEndArray();
  }

  private static void configured(JsonGenerator json, List<TensorSpec> specs, boolean optional)
      throws IOException {
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField(
          "data_type",
          "TYPE_" + (spec.datatype() == DataType.BYTES ? "STRING" : spec.datatype().name()));
      json.writeFieldName("dims");
      spec.writeShape(json);
      if (optional) {
        json.writeBooleanField("optional", true);
      }
      json.writeEndObject();
    }
  }
}
