package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.faults.EveryField.Wrong;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The API server knows every field: with strict validation, which is kubectl's default, a misspelt
 * one is refused by name, and so is a value beyond its bound with any client. Nothing is stored.
 */
class TypoIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LIST =
      "/apis/modelserver.dev/v1alpha1/namespaces/default/modelservers";
  private static final String STRICT = "?dryRun=All&fieldValidation=Strict";
  private static final int LEAST_TYPOS = 30;

  private final LivingOperator stage = LivingOperator.get();

  @Test
  void theSpecsAreAccepted() {
    for (JsonNode spec : EveryField.specs()) {
      HttpResponse<String> answer = create(STRICT, spec);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
  }

  @Test
  void eachMisspeltFieldIsRefusedByName() {
    List<Wrong> typos = EveryField.typos();

    assertThat(typos).hasSizeGreaterThan(LEAST_TYPOS);
    assertThat(notRefused(typos, "strict decoding error: unknown field \\\"%s\\\"")).isEmpty();
  }

  @Test
  void eachValueBeyondItsBoundIsRefusedByName() {
    assertThat(notRefused(EveryField.beyondBounds(), "\"field\":\"%s\"")).isEmpty();
  }

  @Test
  void withoutStrictValidationATypoIsPrunedWithAWarning() throws IOException {
    ObjectNode spec = EveryField.specs().getFirst().deepCopy();
    spec.withObject("/pod").put("nodeSelecter", "x");

    HttpResponse<String> answer = create("?dryRun=All", spec);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().allValues("Warning"))
        .anyMatch(warning -> warning.contains("unknown field \\\"spec.pod.nodeSelecter\\\""));
    assertThat(JSON.readTree(answer.body()).at("/spec/pod/nodeSelecter").isMissingNode()).isTrue();
    assertThat(JSON.readTree(answer.body()).at("/spec/pod/nodeSelector").isObject()).isTrue();
  }

  @Test
  void serverSideApplyRefusesATypoWithoutStrictValidationToo() {
    ObjectNode spec = EveryField.specs().getFirst().deepCopy();
    spec.withObject("/pod").put("nodeSelecter", "x");

    HttpResponse<String> answer =
        stage.send(
            "PATCH",
            LIST + "/typo?dryRun=All&fieldManager=typo",
            "application/apply-patch+yaml",
            body(spec));

    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    assertThat(answer.body()).contains(".spec.pod.nodeSelecter: field not declared in schema");
  }

  /** Those that the API server accepts, or refuses without the field's name. */
  private List<String> notRefused(List<Wrong> specs, String words) {
    List<String> wrong = new ArrayList<>();
    for (Wrong each : specs) {
      HttpResponse<String> answer = create(STRICT, each.spec());
      if (answer.statusCode() < 400 || !answer.body().contains(words.formatted(each.field()))) {
        wrong.add("%s: %d %s".formatted(each.field(), answer.statusCode(), answer.body()));
      }
    }
    System.out.printf("%nModelServers with one wrong place: %d sent%n", specs.size());
    return wrong;
  }

  private HttpResponse<String> create(String query, JsonNode spec) {
    return stage.send("POST", LIST + query, body(spec));
  }

  private static String body(JsonNode spec) {
    ObjectNode object = JSON.createObjectNode();
    object.put("apiVersion", "modelserver.dev/v1alpha1").put("kind", "ModelServer");
    object.putObject("metadata").put("name", "typo");
    object.set("spec", spec);
    return object.toString();
  }
}
