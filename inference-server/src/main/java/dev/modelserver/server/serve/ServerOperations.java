package dev.modelserver.server.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.config.Endpoint;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.Scrape;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.openapi.ApiGroup;
import dev.modelserver.server.openapi.ApiSection;
import dev.modelserver.server.openapi.ExampleValues;
import dev.modelserver.server.openapi.Failure;
import dev.modelserver.server.openapi.Operation;
import dev.modelserver.server.openapi.Schemas;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The pages that are only read, in the OpenAPI document. */
@Singleton
public final class ServerOperations implements ApiSection {

  private static final String JSON = "application/json";

  private final ServerConfig config;

  /** Names what this configuration shows. */
  public ServerOperations(ServerConfig config) {
    this.config = config;
  }

  @Override
  public List<Operation> operations(ServedModel model, ExampleValues values) {
    List<Operation> operations = new ArrayList<>();
    if (config.serving().shows(Endpoint.INFO)) {
      operations.add(
          Operation.get(ApiGroup.SERVER, "/info", "info")
              .summary("What is served")
              .answer(200, "The model and its runtime", JSON, info())
              .shows(InfoPage.json(model, Optional.empty()))
              .fails(Failure.Unavailable));
    }
    operations.add(
        Operation.get(ApiGroup.SERVER, "/health", "health")
            .summary("Whether the process lives")
            .answer(200, "It does", JSON, status("healthy"))
            .answer(503, "Only a restart helps", JSON, status("unhealthy")));
    operations.add(
        Operation.get(ApiGroup.SERVER, "/ready", "ready")
            .summary("Whether new clients are welcome")
            .answer(200, "They are", JSON, ready("ready"))
            .answer(503, "Not yet, or not any more", JSON, ready("not_ready", "draining")));
    if (config.serving().shows(Endpoint.METRICS)) {
      operations.add(
          Operation.get(ApiGroup.SERVER, "/metrics", "metrics")
              .summary("Metrics for Prometheus")
              .answer(200, "Prometheus' text format", Scrape.CONTENT_TYPE, Schemas.type("string")));
    }
    return operations;
  }

  private static ObjectNode status(String... values) {
    ObjectNode status = words(Arrays.stream(values));
    return Schemas.property(
        Schemas.property(Schemas.object(), "status", status),
        "timestamp",
        Schemas.type("string").put("format", "date-time"));
  }

  private static ObjectNode ready(String... values) {
    return Schemas.property(status(values), "model_loaded", Schemas.type("boolean"));
  }

  private static ObjectNode info() {
    ObjectNode info = Schemas.object();
    Schemas.optional(info, "title", Schemas.type("string"));
    Schemas.optional(info, "dataset", Schemas.type("string"));
    Schemas.optional(info, "accuracy", Schemas.type("number").put("minimum", 0).put("maximum", 1));
    Schemas.property(info, "classes", Schemas.array(Schemas.type("string")));
    Schemas.property(info, "features", Schemas.array(Schemas.type("string")));
    Schemas.optional(
        info,
        "ignored_metadata",
        Schemas.array(Schemas.type("string"))
            .put("description", "Metadata of the model file that could not be read, and why."));
    Schemas.property(info, "model", Schemas.type("string"));
    Schemas.property(info, "model_version", Schemas.type("string"));
    Schemas.property(
        info, "digest", Schemas.type("string").put("pattern", "^sha256:[0-9a-f]{64}$"));
    Schemas.property(info, "opset", Schemas.type("integer").put("minimum", 0));
    Schemas.property(info, "inputs", Schemas.array(tensor()));
    Schemas.property(info, "outputs", Schemas.array(tensor()));
    Schemas.property(info, "answers", answers());
    ObjectNode runtime = Schemas.object();
    Schemas.property(runtime, "name", Schemas.type("string"));
    Schemas.property(runtime, "version", Schemas.type("string"));
    Schemas.property(
        runtime,
        "instances",
        Schemas.type("integer").put("minimum", 1).put("description", "Inferences at once."));
    Schemas.property(
        runtime,
        "intra_op_threads",
        Schemas.type("integer")
            .put("minimum", 1)
            .put("description", "ONNX Runtime's threads within one inference."));
    Schemas.property(
        runtime,
        "memory_arena",
        words(Stream.of("enabled", "disabled"))
            .put("description", "Whether memory of an inference is kept for later ones."));
    Schemas.property(
        runtime,
        "memory_limit_bytes",
        Schemas.type("integer")
            .put("minimum", 1)
            .put(
                "description",
                "Memory that all inferences under way may take together, beside the model."));
    Schemas.property(runtime, "batching", batching());
    Schemas.property(info, "runtime", runtime);
    Schemas.optional(info, "crashes", crashes());
    return info;
  }

  private static ObjectNode crashes() {
    ObjectNode crashes = Schemas.object();
    crashes.put("description", "Of the pod's earlier processes; there only once one has crashed.");
    Schemas.property(crashes, "count", Schemas.type("integer").put("minimum", 1));
    Schemas.property(crashes, "last_signal", Schemas.type("string"));
    Schemas.property(crashes, "refused_requests", Schemas.type("integer").put("minimum", 0));
    return Schemas.property(
        crashes, "suspected_requests", Schemas.type("integer").put("minimum", 0));
  }

  private static ObjectNode answers() {
    ObjectNode answers = Schemas.object().put("description", "What the outputs mean.");
    Schemas.optional(answers, "label", Schemas.type("string"));
    Schemas.optional(
        answers,
        "label_is_position",
        Schemas.type("boolean")
            .put("description", "The label is the position of a class, not the class."));
    Schemas.optional(answers, "scores", Schemas.type("string"));
    Schemas.optional(
        answers,
        "scores_are",
        words(Arrays.stream(ScoreKind.values()).map(kind -> kind.name().toLowerCase(Locale.ROOT))));
    Schemas.optional(answers, "value", Schemas.type("string"));
    ObjectNode axes =
        Schemas.type("object").put("description", "The axis of each output that has rows.");
    axes.set("additionalProperties", Schemas.type("integer").put("minimum", 0));
    return Schemas.property(answers, "row_axes", axes);
  }

  private static ObjectNode batching() {
    ObjectNode batching = Schemas.object();
    Schemas.property(
        batching,
        "mode",
        words(
            Arrays.stream(Batching.Mode.values())
                .map(mode -> mode.name().toLowerCase(Locale.ROOT))));
    Schemas.property(batching, "max_batch_size", Schemas.type("integer").put("minimum", 1));
    Schemas.property(batching, "max_delay_ms", Schemas.type("number").put("minimum", 0));
    Schemas.property(
        batching, "reason", Schemas.type("string").put("description", "Why, in words."));
    return Schemas.property(batching, "rows", rows());
  }

  private static ObjectNode rows() {
    ObjectNode rows = Schemas.object();
    Schemas.property(rows, "proved_independent", Schemas.type("boolean"));
    Schemas.optional(rows, "why_not", Schemas.type("string"));
    Schemas.property(rows, "tried_batch_size", Schemas.type("integer").put("minimum", 1));
    Schemas.property(rows, "equal_batch_size", Schemas.type("integer").put("minimum", 1));
    return Schemas.optional(
        rows, "largest_difference_ulps", Schemas.type("number").put("minimum", 0));
  }

  private static ObjectNode words(Stream<String> words) {
    ObjectNode text = Schemas.type("string");
    words.forEach(text.putArray("enum")::add);
    return text;
  }

  private static ObjectNode tensor() {
    ObjectNode tensor = Schemas.object();
    Schemas.property(tensor, "name", Schemas.type("string"));
    Schemas.property(tensor, "datatype", Schemas.type("string"));
    ObjectNode size = Schemas.type("integer").put("minimum", -1);
    return Schemas.property(
        tensor,
        "shape",
        Schemas.orNull(Schemas.array(size))
            .put("description", "Sizes, outermost first; -1 varies. Null: any shape."));
  }
}
