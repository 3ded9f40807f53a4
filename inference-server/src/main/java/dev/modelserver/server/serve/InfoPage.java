package dev.modelserver.server.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.config.Endpoint;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.crash.CrashRecorder;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.RowEvidence;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.onnx.OnnxRuntime;
import dev.modelserver.server.onnx.RunMemory;
import dev.modelserver.server.onnx.SessionSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code GET /} and {@code GET /info}: what this server is, for people. */
@Singleton
final class InfoPage {

  /** The pages that are only read. */
  static final List<String> PATHS = List.of("/", "/info", "/health", "/ready", "/metrics");

  /** Pages that a configuration can switch off. */
  static final Map<Endpoint, String> SWITCHED =
      Map.of(Endpoint.METRICS, "/metrics", Endpoint.INFO, "/info");

  private final ServerConfig config;
  private final CurrentModel current;
  private final Crashes crashes;

  InfoPage(ServerConfig config, CurrentModel current, Crashes crashes) {
    this.config = config;
    this.current = current;
    this.crashes = crashes;
  }

  static InferenceException notReady() {
    return new InferenceException(InferenceFailure.NotReady.loading());
  }

  /**
   * Links that are relative, because an Ingress may have put a prefix before them.
   *
   * @param base what they begin with; empty, or ends with a slash
   */
  byte[] links(String base) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          link(json, Endpoint.DOCS, "docs", base + "docs");
          link(json, Endpoint.OPEN_API, "openapi", base + "openapi.json");
          json.writeStringField("predict", base + "predict");
          link(json, Endpoint.INFO, "info", base + "info");
          json.writeStringField("health", base + "health");
          json.writeStringField("ready", base + "ready");
          link(json, Endpoint.METRICS, "metrics", base + "metrics");
          json.writeEndObject();
        });
  }

  private void link(JsonGenerator json, Endpoint endpoint, String name, String path)
      throws IOException {
    if (config.serving().shows(endpoint)) {
      json.writeStringField(name, path);
    }
  }

  /** The model's page; empty while there is no model. */
  Optional<byte[]> json() {
    return current.ready().map(model -> json(model, crashes.recorder()));
  }

  static byte[] json(ServedModel model, Optional<CrashRecorder> recorder) {
    return Json.bytes(json -> write(json, model, recorder));
  }

  private static void write(JsonGenerator json, ServedModel model, Optional<CrashRecorder> recorder)
      throws IOException {
    ModelDescription description = model.description();
    json.writeStartObject();
    if (description.title() != null) {
      json.writeStringField("title", description.title());
    }
    if (description.dataset() != null) {
      json.writeStringField("dataset", description.dataset());
    }
    Double accuracy = description.accuracy();
    if (accuracy != null) {
      json.writeNumberField("accuracy", accuracy);
    }
    texts(json, "classes", model.signature().classes());
    texts(json, "features", description.features());
    if (!description.ignored().isEmpty()) {
      texts(json, "ignored_metadata", description.ignored());
    }
    json.writeStringField("model", model.identity().name());
    json.writeStringField("model_version", model.identity().version());
    json.writeStringField("digest", model.identity().digest().header());
    json.writeNumberField("opset", model.opset());
    tensors(json, "inputs", model.signature().inputs());
    if (!model.signature().optionalInputs().isEmpty()) {
      tensors(json, "optional_inputs", model.signature().optionalInputs());
    }
    tensors(json, "outputs", model.signature().outputs());
    answers(json, model.roles(), model.axes());
    json.writeObjectFieldStart("runtime");
    json.writeStringField("name", "ONNX Runtime");
    json.writeStringField("version", OnnxRuntime.version());
    SessionSettings settings = model.service().settings();
    json.writeNumberField("instances", model.service().threads());
    json.writeNumberField("intra_op_threads", settings.intraOpThreads());
    json.writeStringField("memory_arena", settings.memoryArena() ? "enabled" : "disabled");
    json.writeNumberField("memory_limit_bytes", RunMemory.limit());
    if (!model.service().unguardedDivisions().isEmpty()) {
      texts(json, "unguarded", model.service().unguardedDivisions());
    }
    Batching batching = model.service().batching();
    json.writeObjectFieldStart("batching");
    json.writeStringField("mode", batching.mode().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("max_batch_size", batching.maxRows());
    json.writeNumberField("max_delay_ms", batching.maxDelay().toNanos() / 1e6);
    json.writeStringField("reason", batching.reason());
    rows(json, batching.evidence());
    json.writeEndObject();
    json.writeEndObject();
    if (recorder.isPresent()) {
      crashes(json, recorder.get());
    }
    json.writeEndObject();
  }

  /** Here, other than in the protocols, a tensor without a declared shape has none. */
  private static void tensors(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField("datatype", spec.datatype().name());
      json.writeFieldName("shape");
      if (spec.anyShape()) {
        json.writeNull();
      } else {
        spec.writeShape(json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What was found out about the independence of rows. */
  private static void rows(JsonGenerator json, RowEvidence evidence) throws IOException {
    json.writeObjectFieldStart("rows");
    json.writeBooleanField("proved_independent", evidence.proved());
    if (evidence.whyUnproved().isPresent()) {
      json.writeStringField("why_not", evidence.whyUnproved().get());
    }
    if (evidence.rounding().isPresent()) {
      json.writeStringField("rounding", evidence.rounding().get());
    }
    json.writeNumberField("tried_batch_size", evidence.tried());
    json.writeNumberField("equal_batch_size", evidence.equal());
    if (Double.isFinite(evidence.largestDifference())) {
      json.writeNumberField("largest_difference_ulps", evidence.largestDifference());
    }
    json.writeEndObject();
  }

  /** What was found out about the outputs. */
  private static void answers(JsonGenerator json, OutputRoles roles, RowAxes axes)
      throws IOException {
    json.writeObjectFieldStart("answers");
    if (roles.label() != null) {
      json.writeStringField("label", roles.label());
      json.writeBooleanField("label_is_position", roles.labelIsPosition());
    }
    if (roles.scores() != null) {
      json.writeStringField("scores", roles.scores());
      json.writeStringField("scores_are", roles.kind().name().toLowerCase(Locale.ROOT));
    }
    if (roles.value() != null) {
      json.writeStringField("value", roles.value());
    }
    json.writeObjectFieldStart("row_axes");
    for (var axis : new TreeMap<>(axes.axes()).entrySet()) {
      json.writeNumberField(axis.getKey(), axis.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Of the process before this one; there only once it has crashed. */
  private static void crashes(JsonGenerator json, CrashRecorder recorder) throws IOException {
    json.writeObjectFieldStart("crashes");
    json.writeNumberField("count", recorder.crashes());
    json.writeStringField("last_signal", recorder.signal());
    json.writeNumberField("refused_requests", recorder.refused());
    json.writeNumberField("suspected_requests", recorder.suspects());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
