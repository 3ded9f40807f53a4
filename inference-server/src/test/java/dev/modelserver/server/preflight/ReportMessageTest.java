package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.verdict.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportMessageTest {

  private static final Digest DIGEST = Digest.of(new byte[0]);

  @Test
  void carriesTheSignatureInTheOrderOfTheContract() throws IOException {
    byte[] message = ReportMessage.of(report("loaded", List.of("a", "b")));

    JsonNode json = new ObjectMapper().readTree(message);
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "contract",
            "outcome",
            "reason",
            "message",
            "final",
            "sha256",
            "bytes",
            "opset",
            "timings",
            "signatureHash",
            "signature");
    byte[] signature =
        new InflaterInputStream(
                new ByteArrayInputStream(
                    Base64.getDecoder().decode(json.get("signature").asText())))
            .readAllBytes();
    assertThat(Digest.of(signature).hex()).isEqualTo(json.get("signatureHash").asText());
    assertThat(new ObjectMapper().readTree(signature).get("classes")).hasSize(2);
  }

  @Test
  void leavesOutASignatureThatIsTooLong() throws IOException {
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      classes.add(UUID.randomUUID().toString());
    }

    JsonNode json = new ObjectMapper().readTree(ReportMessage.of(report("loaded", classes)));

    assertThat(json.has("signature")).isFalse();
    assertThat(json.get("signatureHash").asText()).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u0001", "\"", "漢", "\uD83D\uDE00"})
  void isNeverLongerThanTheLimitAndAlwaysJson(String character) throws IOException {
    byte[] message = ReportMessage.of(report(character.repeat(10_000), List.of("a")));

    assertThat(message.length).isLessThanOrEqualTo(3500);
    assertThat(new ObjectMapper().readTree(message).get("message").asText())
        .endsWith("…")
        .hasSizeLessThanOrEqualTo(1500);
  }

  private static Report report(String message, List<String> classes) {
    Signature signature =
        new Signature(
            List.of(new TensorSpec("x", DataType.FP32, Shape.of(-1, 4))), List.of(), classes);
    return new Report(
        Reason.ModelLoaded,
        message,
        DIGEST,
        10L,
        17L,
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        null,
        signature,
        null);
  }
}
