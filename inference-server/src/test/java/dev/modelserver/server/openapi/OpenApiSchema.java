package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Judges documents by the schema of OpenAPI 3.1, and examples by the schemas of their document. */
final class OpenApiSchema {

  private static final String SPECIFICATION = "https://spec.openapis.org/oas/3.1/schema/2022-10-07";
  private static final String BASE = "https://example.test/openapi.json";

  private OpenApiSchema() {}

  static List<String> faults(JsonNode document) throws IOException {
    SchemaRepository repository = repository();
    for (String part : List.of("schema/2022-10-07", "dialect/base", "meta/base")) {
      try (InputStream in =
          OpenApiSchema.class.getResourceAsStream("/spec.openapis.org/oas/3.1/" + part)) {
        if (in == null) {
          throw new IOException("no such schema: " + part);
        }
        JsonObject schema = new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        repository.dereference("https://spec.openapis.org/oas/3.1/" + part, JsonSchema.of(schema));
      }
    }
    return faults(
        repository.validator(SPECIFICATION).validate(new JsonObject(document.toString())));
  }

  /**
   * The examples of a media type that its schema does not allow.
   *
   * @param mediaType pointer into the document
   */
  static List<String> exampleFaults(JsonNode document, String mediaType) {
    SchemaRepository repository = repository();
    repository.dereference(BASE, JsonSchema.of(new JsonObject(document.toString())));
    Map<String, JsonNode> examples = new LinkedHashMap<>();
    document
        .at(mediaType + "/examples")
        .properties()
        .forEach(example -> examples.put(example.getKey(), example.getValue().get("value")));
    if (document.at(mediaType).has("example")) {
      examples.put("example", document.at(mediaType + "/example"));
    }
    List<String> faults = new ArrayList<>();
    examples.forEach(
        (name, value) -> {
          OutputUnit result =
              repository
                  .validator(BASE + "#" + mediaType + "/schema")
                  .validate(Json.decodeValue(value.toString()));
          faults(result).forEach(fault -> faults.add(name + ": " + fault));
        });
    return faults;
  }

  private static SchemaRepository repository() {
    return SchemaRepository.create(
        new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri(BASE)
            .setOutputFormat(OutputFormat.Basic));
  }

  private static List<String> faults(OutputUnit result) {
    if (Boolean.TRUE.equals(result.getValid())) {
      return List.of();
    }
    return result.getErrors().stream()
        .map(error -> error.getInstanceLocation() + " " + error.getError())
        .toList();
  }
}
