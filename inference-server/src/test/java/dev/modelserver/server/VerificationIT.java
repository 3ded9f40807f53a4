package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Golden requests and signatures as the packaged program judges them. */
class VerificationIT {

  @TempDir Path folder;

  @Test
  void theModelThatAnswersAsExpectedIsSealedAndTheOtherNot()
      throws IOException, InterruptedException {
    golden("\"high\"");
    assertThat(preflight()).isZero();
    assertThat(report().at("/verification").toString()).isEqualTo("{\"passed\":1,\"total\":1}");
    assertThat(folder.resolve("model/digest")).exists();

    golden("\"low\"");
    assertThat(preflight()).isEqualTo(1);
    assertThat(report().at("/reason").asText()).isEqualTo("VerificationFailed");
    assertThat(report().at("/final").asBoolean()).isTrue();
    assertThat(report().at("/message").asText())
        .startsWith(
            "1 of 1 golden requests failed: \"a patient\": prediction is \"high\", expected \"low\"; ");
    assertThat(folder.resolve("model/digest")).doesNotExist();
  }

  @Test
  void aSignatureThatBreaksClientsIsRefused() throws IOException, InterruptedException {
    config("linear", "");
    assertThat(preflight()).isZero();
    JsonNode linear = report();
    Files.writeString(
        folder.resolve("baseline.json"),
        "{\"revision\":\"abc\",\"signatureHash\":\"%s\",\"signature\":\"%s\"}"
            .formatted(linear.get("signatureHash").asText(), linear.get("signature").asText()));
    assertThat(preflight()).as("the same signature").isZero();

    config("identity", "");
    assertThat(preflight()).isEqualTo(1);
    assertThat(report().at("/reason").asText()).isEqualTo("BreakingSignature");
    assertThat(report().at("/message").asText())
        .contains("input \"x\" has shape [?,3] instead of [?,2]");
  }

  private int preflight() throws IOException, InterruptedException {
    return ServerProcess.run(folder, Map.of(), "preflight");
  }

  private JsonNode report() throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("termination")));
  }

  private void golden(String expected) throws IOException {
    config(
        "string-labels",
        ",\"verification\":[{\"name\":\"a patient\",\"request\":{\"patient\":{\"age\":120,\"pressure\":180}},\"expect\":{\"prediction\":"
            + expected
            + "}}]");
  }

  private void config(String model, String more) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.deleteIfExists(source.resolve("m.onnx"));
    Files.copy(TestModels.file(model), source.resolve("m.onnx"));
    Files.writeString(
        folder.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"configMap\":{\"name\":\"any\",\"key\":\"m.onnx\"}}"
            + more
            + "}");
  }
}
