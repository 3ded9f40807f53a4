package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.TensorSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document of a model: what can be asked of it, in one JSON tree. */
final class ApiDocument {

  /** JSON Schema 2020-12 came with this version. */
  private static final String VERSION = "3.1.0";

  private ApiDocument() {}

  /**
   * Pure: the same arguments, the same document.
   *
   * @param prefix below which the paths are answered too; null: there is none
   */
  static ObjectNode of(ServedModel model, List<Operation> operations, @Nullable String prefix) {
    ObjectNode document = Schemas.node().put("openapi", VERSION);
    document.set("info", info(model));
    // beside this document, whatever prefix an Ingress puts before both
    ArrayNode servers = document.putArray("servers");
    servers.addObject().put("url", ".");
    if (prefix != null) {
      servers
          .addObject()
          .put("url", prefix)
          .put("description", "The same paths below the server's prefix");
    }
    List<Operation> ordered =
        operations.stream().sorted(Comparator.comparing(Operation::group)).toList();
    ArrayNode tags = document.putArray("tags");
    ordered.stream()
        .map(Operation::group)
        .distinct()
        .forEach(
            group ->
                tags.addObject()
                    .put("name", group.title())
                    .put("description", group.description()));
    ObjectNode paths = document.putObject("paths");
    for (Operation operation : ordered) {
      paths.withObjectProperty(operation.path()).set(operation.method(), operation.node());
    }
    document.set("components", components(ordered));
    return document;
  }

  private static ObjectNode info(ServedModel model) {
    ModelDescription description = model.description();
    String title = description.title();
    return Schemas.node()
        .put("title", title == null ? model.identity().name() : title)
        .put("version", model.identity().version())
        .put("description", text(model));
  }

  private static String text(ServedModel model) {
    ModelDescription description = model.description();
    StringBuilder text = new StringBuilder();
    text.append("The model ").append(Markdown.code(model.identity().name()));
    text.append(", version ").append(Markdown.code(model.identity().version())).append(".");
    if (description.dataset() != null) {
      text.append(" Trained on ").append(Markdown.text(description.dataset())).append(".");
    }
    Double accuracy = description.accuracy();
    if (accuracy != null) {
      text.append(String.format(Locale.ROOT, " Accuracy %.1f %%.", 100 * accuracy));
    }
    text.append("\n\n| | tensor | type | shape |\n|---|---|---|---|\n");
    rows(text, "input", model.signature().inputs());
    rows(text, "output", model.signature().outputs());
    text.append("\nDigest ").append(Markdown.code(model.identity().digest().header()));
    text.append(". A size of ? varies. [All about the model](info), [metrics](metrics).");
    return text.toString();
  }

  private static void rows(StringBuilder text, String kind, List<TensorSpec> specs) {
    for (TensorSpec spec : specs) {
      text.append("| ").append(kind);
      text.append(" | ").append(Markdown.code(spec.name()));
      text.append(" | ").append(spec.datatype());
      text.append(" | ")
          .append(Markdown.text(spec.anyShape() ? "any" : spec.shape().toString()))
          .append(" |\n");
    }
  }

  private static ObjectNode components(List<Operation> operations) {
    ObjectNode components = Schemas.node();
    ObjectNode error =
        Schemas.property(
            Schemas.object(),
            "error",
            Schemas.type("string").put("description", "One sentence: field, value, remedy."));
    ObjectNode schemas = components.putObject("schemas");
    operations.forEach(operation -> operation.schemas().forEach(schemas::set));
    schemas.set("Error", error);
    ObjectNode responses = components.putObject("responses");
    for (Failure failure : Failure.values()) {
      if (failure != Failure.Unauthenticated) {
        var _ = explain(failure, responses);
      }
    }
    return components;
  }

  /** Adds what a failure is to the responses that operations refer to. */
  static ObjectNode explain(Failure failure, ObjectNode responses) {
    ObjectNode response =
        responses.putObject(failure.name()).put("description", failure.description());
    ObjectNode content = response.putObject("content").putObject(Operation.JSON);
    content.set("schema", Schemas.ref("Error"));
    content.putObject("example").put("error", failure.sentence());
    return response;
  }
}
