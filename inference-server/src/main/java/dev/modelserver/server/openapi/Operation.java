package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One method of one path, written piece by piece. */
public final class Operation {

  static final String JSON = "application/json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Characters of an answer that a page has room for. */
  private static final int MAX_ANSWER = 100_000;

  private final ApiGroup group;
  private final String method;
  private final String path;
  private final ObjectNode node = Schemas.node();
  private final List<List<Example>> examples = new ArrayList<>();
  private final List<Runnable> parameterExamples = new ArrayList<>();
  private final Map<String, ObjectNode> schemas = new LinkedHashMap<>();

  private Operation(ApiGroup group, String method, String path, String id) {
    this.group = group;
    this.method = method;
    this.path = path;
    node.putArray("tags").add(group.title());
    node.put("operationId", id);
  }

  /**
   * Begins a GET.
   *
   * @param id unique in the document; code generators name a method after it
   */
  public static Operation get(ApiGroup group, String path, String id) {
    return new Operation(group, "get", path, id);
  }

  /** Begins a POST. */
  public static Operation post(ApiGroup group, String path, String id) {
    return new Operation(group, "post", path, id);
  }

  /** A name as a segment of a path. */
  public static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A line that says what it is for. */
  public Operation summary(String text) {
    node.put("summary", text);
    return this;
  }

  /** The rest, in Markdown. */
  public Operation description(String markdown) {
    node.put("description", markdown);
    return this;
  }

  /**
   * A query parameter; an example that its schema has is shown once the model has answered an
   * example of the operation.
   */
  public Operation query(String name, boolean required, String description, ObjectNode schema) {
    ObjectNode parameter =
        node.withArrayProperty("parameters")
            .addObject()
            .put("name", name)
            .put("in", "query")
            .put("required", required)
            .put("description", description);
    JsonNode example = schema.remove("example");
    parameter.set("schema", schema);
    if (example != null) {
      parameterExamples.add(() -> parameter.set("example", example));
    }
    return this;
  }

  /** A form of the request body. */
  public Operation body(String mediaType, ObjectNode schema) {
    ObjectNode body = node.withObjectProperty("requestBody").put("required", true);
    body.withObjectProperty("content").putObject(mediaType).set("schema", schema);
    return this;
  }

  /** A form of the answer with a status. */
  public Operation answer(int status, String description, String mediaType, ObjectNode schema) {
    ObjectNode response = response(status).put("description", description);
    response.withObjectProperty("content").putObject(mediaType).set("schema", schema);
    return this;
  }

  /** Shows an answer that needs no run: the JSON that the path answers with. */
  public Operation shows(byte[] json) {
    try {
      response(200)
          .withObjectProperty("content")
          .withObjectProperty(JSON)
          .set("example", MAPPER.readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException("JSON of ours", e);
    }
    return this;
  }

  /** Failures with the usual body. */
  public Operation fails(Failure... failures) {
    for (Failure failure : failures) {
      refer(node, failure);
    }
    return this;
  }

  /** Names a failure among the responses of an operation. */
  static void refer(ObjectNode operation, Failure failure) {
    response(operation, failure.status()).put("$ref", "#/components/responses/" + failure.name());
  }

  /** A schema with a name, for {@link Schemas#ref}; the same name means the same schema. */
  public Operation schema(String name, ObjectNode schema) {
    schemas.put(name, schema);
    return this;
  }

  /** A request to run, and to show if the model answers it. */
  public Operation example(Example example) {
    return firstOf(List.of(example));
  }

  /** Requests to run in this order, until the model answers one, which is shown. */
  public Operation firstOf(List<Example> alternatives) {
    if (!alternatives.isEmpty()) {
      examples.add(List.copyOf(alternatives));
    }
    return this;
  }

  /** Shows an example and what the model answered; an answer that is too long is left out. */
  void answered(Example example, JsonNode answer) {
    parameterExamples.forEach(Runnable::run);
    JsonNode body = example.body();
    if (body != null) {
      show(node.withObjectProperty("requestBody").withObjectProperty("content"), example, body);
    }
    String program = example.program();
    if (program != null) {
      String description = node.path("description").asText();
      node.put("description", description.isEmpty() ? program : description + "\n\n" + program);
    }
    if (answer.toString().length() <= MAX_ANSWER) {
      show(response(200).withObjectProperty("content"), example, answer);
    }
  }

  ApiGroup group() {
    return group;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  ObjectNode node() {
    return node;
  }

  Map<String, ObjectNode> schemas() {
    return schemas;
  }

  /** Of each list one is shown. */
  List<List<Example>> examples() {
    return examples;
  }

  private ObjectNode response(int status) {
    return response(node, status);
  }

  private static ObjectNode response(ObjectNode operation, int status) {
    return operation.withObjectProperty("responses").withObjectProperty(Integer.toString(status));
  }

  private static void show(ObjectNode content, Example example, JsonNode value) {
    content
        .withObjectProperty(JSON)
        .withObjectProperty("examples")
        .putObject(example.name())
        .put("summary", example.summary())
        .set("value", value);
  }
}
