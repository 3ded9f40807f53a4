package dev.modelserver.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The committed CRD is the one the API types generate; `make crds` writes it (-Dcrds.update=true).
 */
class CrdTest {
  private static final Path COMMITTED = Path.of("../crds/modelservers.modelserver.dev-v1.yml");
  private static final Path CHART = Path.of("../helm/files/modelservers.modelserver.dev-v1.yml");
  private static final Path KUSTOMIZE =
      Path.of("../kustomize/base/modelservers.modelserver.dev-v1.yml");
  private static final int LARGEST_FOR_CLIENT_SIDE_APPLY = 256 * 1024;

  @Test
  void committedCopiesEqualTheGeneratedOne() throws IOException {
    String generated = GeneratedCrd.yaml();

    if (Boolean.getBoolean("crds.update")) {
      Files.createDirectories(CHART.getParent());
      Files.writeString(COMMITTED, generated);
      Files.writeString(CHART, generated);
      Files.writeString(KUSTOMIZE, generated);
    }

    assertThat(COMMITTED).hasContent(generated);
    assertThat(CHART).hasContent(generated);
    assertThat(KUSTOMIZE).hasContent(generated);
  }

  @Test
  void everyFieldIsDescribed() throws IOException {
    assertThat(those(SchemaNode::isField, node -> node.has("description"))).isEmpty();
  }

  @Test
  void onlyGoldenRequestsAreFreeJson() throws IOException {
    assertThat(SchemaNode.all(GeneratedCrd.yaml()).filter(SchemaNode::keepsUnknown))
        .extracting(SchemaNode::path)
        .hasSize(2)
        .allMatch(path -> path.matches("spec[.]verification.*[.](request|expect)"));
    assertThat(
            those(
                node -> node.isType("object") && !node.keepsUnknown(),
                node -> node.has("properties") || node.isMap()))
        .as("objects without a schema")
        .isEmpty();
  }

  @Test
  void everyTextHasALongest() throws IOException {
    assertThat(
            those(
                node -> node.isType("string"),
                node ->
                    node.has("maxLength")
                        || node.has("enum")
                        || node.has("format")
                        || node.hasFinitePattern()))
        .isEmpty();
  }

  @Test
  void everyListAndMapHasAMost() throws IOException {
    assertThat(those(node -> node.isType("array"), node -> node.has("maxItems"))).isEmpty();
    assertThat(
            those(
                SchemaNode::isMap,
                node -> node.has("maxProperties") && node.hasRule("size(key) <=")))
        .isEmpty();
  }

  /** Those of the status are what the operator counts, as large as their format. */
  @Test
  void everyNumberHasALeastAndAMost() throws IOException {
    assertThat(
            those(
                node -> node.isType("integer", "number") && !node.isStatus(),
                node -> node.has("minimum", "maximum")))
        .isEmpty();
    assertThat(those(node -> node.isType("integer"), node -> node.has("format"))).isEmpty();
  }

  /** The largest number of a quantity is that of 64 bits. */
  @Test
  void everyNumberOrTextHasAPatternAndALeast() throws IOException {
    assertThat(
            those(SchemaNode::isIntOrString, node -> node.has("pattern", "maxLength", "minimum")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1Gi, true",
    "'1.5', true",
    "+1, true",
    "500m, true",
    "1e3, true",
    "2E-1, true",
    "-1Gi, false",
    "-0, false",
    "1gb, false",
    "Gi, false",
    "'', false"
  })
  void aQuantityIsNotNegative(String quantity, boolean accepted) throws IOException {
    assertThat(SchemaNode.all(GeneratedCrd.yaml()))
        .filteredOn(node -> node.path().equals("spec.model.maxSize"))
        .singleElement()
        .satisfies(
            node ->
                assertThat(quantity.matches(node.schema().path("pattern").asText()))
                    .isEqualTo(accepted));
  }

  @ParameterizedTest
  @CsvSource({
    "/iris, true",
    "/team-a/iris.v1, true",
    "'', false",
    "/, false",
    "iris, false",
    "/iris/, false",
    "/a//b, false",
    "/a b, false",
    "/a%2Fb, false",
    "/a:b, false",
  })
  void aPathPrefixHasSegmentsOfUnreservedCharacters(String prefix, boolean accepted)
      throws IOException {
    assertThat(SchemaNode.all(GeneratedCrd.yaml()))
        .filteredOn(node -> node.path().equals("spec.server.pathPrefix"))
        .singleElement()
        .satisfies(
            node ->
                assertThat(
                        Pattern.compile(node.schema().path("pattern").asText())
                            .matcher(prefix)
                            .find())
                    .isEqualTo(accepted));
  }

  /** The forms have alternatives inside brackets alone, so that ^ and $ hold for all of them. */
  @Test
  void aUriHasTheFormThatTheResolverAsksFor() throws IOException {
    SchemaNode uri =
        SchemaNode.all(GeneratedCrd.yaml())
            .filter(node -> node.path().equals("spec.model.uri"))
            .findFirst()
            .orElseThrow();

    for (SourceForms.Form form : SourceForms.STORES) {
      assertThat(uri.hasRule("self.matches('^(" + SourceRules.literal(form.expression()) + ")$')"))
          .as(form.scheme())
          .isTrue();
    }
  }

  /** Lookahead, references back, possessive and quoted parts: Java's alone. */
  @Test
  void theFormsAreWrittenForTheApiServerToo() {
    assertThat(SourceForms.STORES)
        .flatExtracting(SourceForms.Form::expression, SourceForms.Form::excluded)
        .contains(SourceForms.OCI.expression())
        .noneMatch(
            expression ->
                Pattern.compile("[(][?]|\\\\[1-9QEGZkpu]|[*+?}][+]|&&")
                    .matcher((String) expression)
                    .find());
  }

  @Test
  void theResourceDescribesTheAnnotations() throws IOException {
    SchemaNode resource = SchemaNode.all(GeneratedCrd.yaml()).findFirst().orElseThrow();

    assertThat(resource.schema().path("description").asText())
        .contains(
            "\n\nmodelserver.dev/restart: ",
            "\n\nmodelserver.dev/retry: ",
            "\n\nmodelserver.dev/rollback-to: ",
            "\n\nmodelserver.dev/pause-reconciliation: ");
  }

  @Test
  void fitsAClientSideApply() throws IOException {
    assertThat(GeneratedCrd.yaml().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(LARGEST_FOR_CLIENT_SIDE_APPLY);
  }

  /** Paths of the schemas of a kind that do not have what they need. */
  private static Stream<String> those(Predicate<SchemaNode> kind, Predicate<SchemaNode> need)
      throws IOException {
    return SchemaNode.all(GeneratedCrd.yaml())
        .filter(kind.and(need.negate()))
        .map(SchemaNode::path);
  }
}
