package dev.modelserver.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.config.AuthenticationConfig;
import dev.modelserver.server.config.BatchingConfig;
import dev.modelserver.server.config.ModelConfig;
import dev.modelserver.server.config.ModelLocation;
import dev.modelserver.server.config.RuntimeConfig;
import dev.modelserver.server.config.SecurityMode;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServingConfig;
import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.FailureAnswer;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ImageDescription;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.openinference.OpenInferenceOperations;
import dev.modelserver.server.predict.PredictOperations;
import dev.modelserver.server.serve.ServerOperations;
import dev.modelserver.server.v1.V1Operations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The document over real models; those in src/test/resources/openapi word for word. */
class OpenApiTest {

  private static final Path GOLDEN = Path.of("src/test/resources/openapi");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Where a page without a run is shown. */
  private static final String EXAMPLE = "/responses/200/content/application~1json/example";

  private static final String GET_INFO = "/paths/~1info/get" + EXAMPLE;

  private static final ModelDescription DESCRIPTION =
      new ModelDescription(
          "Left or right | <b>now</b>", "two *heaps*", 0.9375, List.of(), List.of(), null);

  private static final ServerConfig SHOWN = config(null);

  private static final List<ApiSection> SECTIONS =
      List.of(
          new PredictOperations("pod"), new OpenInferenceOperations(), new ServerOperations(SHOWN));

  private static final List<ApiSection> EVERY_SECTION =
      Stream.concat(SECTIONS.stream(), Stream.of(new V1Operations())).toList();

  @ParameterizedTest
  @ValueSource(strings = {"integer-labels", "several", "image-nchw"})
  void isWordForWord(String name) throws IOException, ModelLoadException {
    String document =
        document(name, DESCRIPTION)
                .toPrettyString()
                .replaceAll("(\"processing_time_ms\" : )[0-9.]+", "$10.1")
                .replaceAll("(\"timestamp\" : )\"2[^\"]+\"", "$1\"2026-01-01T00:00:00Z\"")
            + "\n";
    Path golden = GOLDEN.resolve(name + ".json");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(golden, document);
    }
    assertThat(document).isEqualTo(Files.readString(golden));
  }

  /** Whatever the model, the document is valid and its examples fit its own schemas. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "linear",
        "scalar",
        "identity",
        "softmax",
        "integer-labels",
        "string-labels",
        "strings",
        "divide",
        "fixed-batch",
        "dynamic",
        "any-rank",
        "rank-0",
        "several",
        "optional-input",
        "sklearn-zipmap",
        "sklearn-zipmap-columns",
        "sklearn-zipmap-gaps",
        "sklearn-zipmap-strings",
        "lightgbm-zipmap-binary",
        "xgboost-zipmap",
        "image-nchw",
        "image-nhwc",
        "image-free",
        "audio-state",
        "width-no-shape",
        "empty-output",
        "constant",
        "type-bool",
        "type-bytes",
        "type-fp16",
        "type-fp64",
        "type-int64",
        "type-int8",
        "type-uint16",
        "type-uint64",
        "type-bf16",
        "no-inputs",
        "zero-columns",
        "sequence"
      })
  void isValid(String name) throws IOException, ModelLoadException {
    ObjectNode document = document(name, ModelDescription.EMPTY, EVERY_SECTION);

    assertThat(OpenApiSchema.faults(document)).isEmpty();
    for (var path : document.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        String pointer = "/paths/" + path.getKey().replace("/", "~1") + "/" + operation.getKey();
        String asked = pointer + "/requestBody/content/application~1json";
        String answered = pointer + "/responses/200/content/application~1json";
        assertThat(OpenApiSchema.exampleFaults(document, asked)).isEmpty();
        assertThat(OpenApiSchema.exampleFaults(document, answered)).isEmpty();
        assertThat(document.at(answered + "/examples").size())
            .isGreaterThanOrEqualTo(document.at(asked + "/examples").size());
      }
    }
  }

  @Test
  void showsZerosWhereTheModelRefusesOtherValues() throws ModelLoadException {
    OpenApi.Draft draft =
        draft("scalar", new Picky(true, () -> new InferenceFailure.InvalidInput("x")));

    assertThat(draft.result()).isEqualTo(new ExampleRuns.Result(1, false, true));
    assertThat(
            draft
                .document()
                .at("/paths/~1picky/post/requestBody/content/application~1json/examples/e/value")
                .doubleValue())
        .isZero();
    assertThat(
            draft
                .document()
                .at("/paths/~1picky/post/responses/200/content/application~1json/examples/e/value")
                .isMissingNode())
        .isFalse();
  }

  /** FP16 has no JSON, so the example is a program that sends bytes. */
  @Test
  void showsAProgramWhereJsonCannotBeAnExample() throws IOException, ModelLoadException {
    JsonNode infer =
        document("type-fp16", ModelDescription.EMPTY)
            .at("/paths/~1v2~1models~1type-fp16~1infer/post");

    assertThat(infer.at("/requestBody/content/application~1json/examples").isMissingNode())
        .isTrue();
    assertThat(infer.at("/responses/200/content/application~1json/examples/zeros/value/outputs"))
        .isNotEmpty();
    assertThat(infer.get("description").textValue())
        .contains("```python\nimport json", "\"datatype\":\"FP16\"", "type-fp16/infer\"");
  }

  /** Sound and a state are no rows, and too many values for a page. */
  @Test
  void showsTensorsOfDifferentFirstSizesAsTheyAre() throws IOException, ModelLoadException {
    JsonNode document = document("audio-state", ModelDescription.EMPTY);

    assertThat(document.at("/info/description").textValue())
        .contains("| `audio` | FP32 | \\[1,16000\\] |", "| `state` | FP32 | \\[2,1,64\\] |");
    assertThat(document.at("/paths/~1predict").isMissingNode()).isTrue();
    JsonNode infer = document.at("/paths/~1v2~1models~1audio-state~1infer/post");
    assertThat(infer.get("description").textValue())
        .contains("\"shape\":[1,16000]", "\"shape\":[2,1,64]", "bytes(64512)");
    assertThat(infer.at("/responses/200/content/application~1json/examples/zeros/value/outputs"))
        .hasSize(2);
  }

  @Test
  void showsAnInputWithoutAShapeAsOneOfAnyShape() throws IOException, ModelLoadException {
    JsonNode document = document("any-rank", ModelDescription.EMPTY, EVERY_SECTION);

    assertThat(document.at("/info/description").textValue()).contains("| `x` | FP32 | any |");
    assertThat(document.at(GET_INFO + "/inputs/0").toString())
        .isEqualTo("{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":null}");
    assertThat(document.at(GET_INFO + "/outputs/0/shape").isNull()).isTrue();
    JsonNode metadata =
        document.at("/paths/~1v2~1models~1any-rank/get" + EXAMPLE + "/properties/any_shape");
    assertThat(metadata.textValue()).isEqualTo("[\"x\",\"y\"]");
    JsonNode input =
        document.at("/components/schemas/InferRequest/properties/inputs/items/properties/shape");
    assertThat(input.has("maxItems")).isFalse();
    assertThat(input.has("items")).isTrue();
    assertThat(document.at("/paths/~1predict/post/description").textValue())
        .contains(
            "1 value: x \\(the Open Inference Protocol, /v2, accepts tensors of any shape\\)");
    assertThat(request(document, "/v1/models/any-rank:predict", "row").toString())
        .isEqualTo("{\"instances\":[[0.1]]}");
    JsonNode scalars = document("rank-0", ModelDescription.EMPTY);
    assertThat(scalars.at(GET_INFO + "/inputs/0/shape").isEmpty()).isTrue();
    assertThat(scalars.at(GET_INFO + "/inputs/0/shape").isArray()).isTrue();
  }

  /** By the weights that it meets, each row of the input has four values. */
  @Test
  void anExampleIsAsWideAsTheModelReads() throws IOException, ModelLoadException {
    JsonNode document = document("width-no-shape", ModelDescription.EMPTY, EVERY_SECTION);

    assertThat(
            request(document, "/v2/models/width-no-shape/infer", "row")
                .at("/inputs/0/shape")
                .toString())
        .isEqualTo("[1,4]");
    assertThat(document.at("/paths/~1predict").isMissingNode()).isTrue();
  }

  /** This model takes no picture of one pixel. */
  @Test
  void anImageWithoutAFixedSizeHasAnExampleThatTheModelTakes()
      throws IOException, ModelLoadException {
    JsonNode infer =
        document("image-free", ModelDescription.EMPTY)
            .at("/paths/~1v2~1models~1image-free~1infer/post");
    ImageDescription size =
        ImageDescription.of(MAPPER.readTree("{\"width\":16,\"height\":8,\"scale\":0.5}"));
    JsonNode described =
        document(
            "image-free",
            new ModelDescription(null, null, null, List.of(), List.of(), size),
            EVERY_SECTION);

    assertThat(infer.get("description").textValue()).contains("\"shape\":[1,3,32,32]");
    assertThat(infer.at("/responses/200/content/application~1json/examples/zeros").isMissingNode())
        .isFalse();
    assertThat(
            request(described, "/v2/models/image-free/infer", "row")
                .at("/inputs/0/shape")
                .toString())
        .isEqualTo("[1,3,8,16]");
    assertThat(request(described, "/v1/models/image-free:predict", "tensor").at("/instances/0/2"))
        .hasSize(8);
    assertThat(described.at("/paths/~1predict/post/requestBody/content/image~1png").isMissingNode())
        .isFalse();
    assertThat(
            described
                .at("/paths/~1predict/post/responses/200/content/application~1json/examples/image")
                .isMissingNode())
        .isFalse();
  }

  @Test
  void showsNoExampleThatTheModelRefuses() throws ModelLoadException {
    OpenApi.Draft draft =
        draft("scalar", new Picky(false, () -> new InferenceFailure.InvalidInput("x")));

    assertThat(draft.result()).isEqualTo(new ExampleRuns.Result(0, true, true));
    assertThat(draft.document().get("paths").findValues("example")).isEmpty();
    assertThat(draft.document().get("paths").findValues("examples")).isEmpty();
  }

  @Test
  void isMadeAgainWhenTheServerHadNoTime() throws ModelLoadException {
    OpenApi.Draft draft =
        draft("scalar", new Picky(true, () -> new InferenceFailure.Overloaded(3)));

    assertThat(draft.result().complete()).isFalse();
  }

  /** Swagger UI shows an explanation for every status that the server can answer with. */
  @Test
  void explainsEveryStatus() {
    assertThat(Failure.values())
        .extracting(Failure::status)
        .contains(
            FailureAnswer.of(new InferenceFailure.InvalidInput("")).status(),
            FailureAnswer.of(new RequestFailure.Unauthenticated(true)).status(),
            FailureAnswer.of(new InferenceFailure.ModelFailed("")).status(),
            FailureAnswer.of(new InferenceFailure.Overloaded(1)).status(),
            FailureAnswer.of(new InferenceFailure.DeadlineExceeded(Duration.ZERO)).status());
  }

  @ParameterizedTest
  @EnumSource(SecurityMode.class)
  void saysHowATokenIsSentWhereTokensAreConfigured(SecurityMode mode)
      throws IOException, ModelLoadException {
    ServerConfig config = config(new AuthenticationConfig(mode, "tokens"));
    JsonNode document = document("integer-labels", DESCRIPTION, EVERY_SECTION, config);

    assertThat(OpenApiSchema.faults(document)).isEmpty();
    assertThat(document.at("/components/securitySchemes/bearer/scheme").textValue())
        .isEqualTo("bearer");
    assertThat(document.at("/components/securitySchemes/basic/scheme").textValue())
        .isEqualTo("basic");
    assertThat(document.get("security").toString())
        .isEqualTo(
            mode.strict()
                ? "[{\"bearer\":[]},{\"basic\":[]}]"
                : "[{\"bearer\":[]},{\"basic\":[]},{}]");
    Set<String> open = new TreeSet<>();
    for (var path : document.get("paths").properties()) {
      for (JsonNode operation : path.getValue()) {
        boolean refused = operation.at("/responses").has("401");
        if (operation.has("security")) {
          open.add(path.getKey());
          assertThat(operation.get("security")).isEmpty();
          assertThat(refused).as(path.getKey()).isFalse();
        } else {
          assertThat(refused).as(path.getKey()).isEqualTo(mode.strict());
        }
      }
    }
    assertThat(open).contains("/health", "/ready").doesNotContain("/predict", "/info", "/metrics");
    JsonNode refusal = document.at("/components/responses/Unauthenticated");
    assertThat(refusal.has("content")).isEqualTo(mode.strict());
    assertThat(refusal.at("/headers").has("WWW-Authenticate")).isEqualTo(mode.strict());
  }

  private static ServerConfig config(@Nullable AuthenticationConfig authentication) {
    return new ServerConfig(
        new ModelConfig(
            "m",
            null,
            new ModelLocation.Uri("file:///m.onnx"),
            null,
            null,
            1,
            List.of(),
            SourceConfig.NONE,
            DESCRIPTION),
        new ServingConfig(
            "INFO",
            Duration.ofSeconds(30),
            null,
            new RuntimeConfig(1, 1, true),
            Duration.ZERO,
            new BatchingConfig(null, Duration.ZERO, 1),
            Set.of(),
            null,
            authentication),
        List.of());
  }

  private static JsonNode request(JsonNode document, String path, String example) {
    return document
        .path("paths")
        .path(path)
        .at("/post/requestBody/content/application~1json/examples/" + example + "/value");
  }

  private static ObjectNode document(String name, ModelDescription description)
      throws ModelLoadException {
    return document(name, description, SECTIONS);
  }

  private static ObjectNode document(
      String name, ModelDescription description, List<ApiSection> sections)
      throws ModelLoadException {
    return document(name, description, sections, SHOWN);
  }

  private static ObjectNode document(
      String name, ModelDescription description, List<ApiSection> sections, ServerConfig config)
      throws ModelLoadException {
    ServedModel model = TestModels.served(name, description);
    try {
      return new OpenApi(sections, config).draft(model).document();
    } finally {
      assertThat(model.service().close(Duration.ofSeconds(5))).isTrue();
    }
  }

  private static OpenApi.Draft draft(String name, ApiSection section) throws ModelLoadException {
    ServedModel model = TestModels.served(name, ModelDescription.EMPTY);
    try {
      return new OpenApi(List.of(section), SHOWN).draft(model);
    } finally {
      assertThat(model.service().close(Duration.ofSeconds(5))).isTrue();
    }
  }

  /** A protocol that has no answer to anything but zeros. */
  private record Picky(boolean zero, Supplier<InferenceFailure> failure) implements ApiSection {
    @Override
    public List<Operation> operations(ServedModel model, ExampleValues values) {
      JsonNode value = values.at(model.signature().inputs().getFirst().datatype(), 0);
      return List.of(
          Operation.post(ApiGroup.V1, "/picky", "picky")
              .body("application/json", Schemas.type("number"))
              .query("q", false, "a query", Schemas.type("number").put("example", 1))
              .answer(200, "fine", "application/json", Schemas.type("number"))
              .example(
                  new Example(
                      "e",
                      "an example",
                      value,
                      (served, body) -> {
                        if (!zero || value.doubleValue() != 0) {
                          throw new InferenceException(failure.get());
                        }
                        return new FixedAnswer(served, Answer.json(new byte[] {'1'}));
                      })));
    }
  }
}
