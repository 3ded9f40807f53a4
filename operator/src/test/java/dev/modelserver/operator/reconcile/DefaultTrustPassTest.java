package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** CA certificates of the operator's configuration, from its variable to the API server. */
class DefaultTrustPassTest {
  private static final String SPEC = "model: {uri: 's3://models/iris.onnx'}";

  @Test
  void theyAreWrittenRenewedInPlaceAndTakenAway() throws IOException {
    String pem = Files.readString(Path.of("src/test/resources/trust/ca.crt"));
    try (WholePass pass = new WholePass()) {
      pass.restarted(defaults(pem));
      pass.pass(SPEC);

      assertThat(certificates(pass)).containsExactly(pem);
      String revision = pass.revision();
      JsonNode template = template(pass);
      assertThat(template.toString()).contains("iris-trust");

      pass.restarted(defaults(pem + pem));
      pass.run();
      assertThat(certificates(pass)).containsExactly(pem + pem);
      assertThat(template(pass)).isEqualTo(template);

      pass.restarted(Map.of());
      pass.run();
      assertThat(certificates(pass)).isEmpty();
      assertThat(template(pass)).isEqualTo(template);
      assertThat(pass.revision()).isEqualTo(revision);
    }
  }

  @Test
  void aRunningModelIsNotRestartedForThem() throws IOException {
    String pem = Files.readString(Path.of("src/test/resources/trust/ca.crt"));
    try (WholePass pass = new WholePass()) {
      pass.pass(SPEC);
      JsonNode template = template(pass);

      pass.restarted(defaults(pem));
      pass.run();

      assertThat(template(pass)).isEqualTo(template);
      assertThat(certificates(pass)).as("nothing mounts them").isEmpty();
    }
  }

  /** As the chart writes them. */
  private static Map<String, String> defaults(String pem) throws JsonProcessingException {
    return Map.of(
        "modelserver.model-defaults", new ObjectMapper().writeValueAsString(Map.of("trust", pem)));
  }

  private static List<String> certificates(WholePass pass) {
    return pass.server.ofKind("ConfigMap").stream()
        .filter(map -> map.at("/metadata/name").asText().equals("iris-trust"))
        .map(map -> map.at("/data").path("ca.crt").asText())
        .toList();
  }

  private static JsonNode template(WholePass pass) {
    return pass.server.ofKind("Deployment").getFirst().at("/spec/template");
  }
}
