package dev.modelserver.server.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.AddressPolicy;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden requests, and the signature that clients rely on. */
class VerifyingPreflightTest {

  private static final String RIGHT =
      "{\"name\":\"right\",\"request\":{\"features\":[1,2]},\"expect\":{\"prediction\":9}}";
  private static final String WRONG =
      "{\"name\":\"wrong\",\"request\":{\"features\":[[1,2],[0,0]]},\"expect\":{\"predictions\":[{\"prediction\":9},{\"prediction\":1.5}]}}";
  private static final String REFUSED =
      "{\"name\":\"refused\",\"request\":{\"features\":[1,2,3]},\"expect\":{\"prediction\":9}}";

  @TempDir Path root;

  @Test
  void asksTheGoldenRequestsAndSeals() throws IOException {
    Report report = run("linear", RIGHT);

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    assertThat(report.message()).endsWith("answers 1 of 1 golden requests as expected");
    assertThat(json(report).at("/verification/passed").asInt()).isEqualTo(1);
    assertThat(root.resolve("model/digest")).exists();
  }

  @Test
  void namesEachCaseThatFailsAndCountsAll() throws IOException {
    Report report = run("linear", RIGHT + "," + WRONG + "," + REFUSED);

    assertThat(report.reason()).isEqualTo(Reason.VerificationFailed);
    assertThat(report.reason().finalCause()).isTrue();
    assertThat(report.message())
        .startsWith("2 of 3 golden requests failed: ")
        .contains(
            "\"wrong\": predictions[1].prediction is 1.0, expected 1.5 (tolerance: absolute 1.0E-5,"
                + " relative 1.0E-5)")
        .contains("\"refused\": answered with status 400 (")
        .endsWith("put the right model there, or correct the case in spec.verification.requests");
    assertThat(json(report).at("/verification").toString()).isEqualTo("{\"passed\":1,\"total\":3}");
    assertThat(root.resolve("model/digest")).as("nothing that could be served").doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\\u0001", "漢", "\uD83D\uDE00"})
  void theReportStaysJsonHoweverLongTheValues(String character) throws IOException {
    String text = character.repeat(900);
    String golden =
        "{\"name\":\"%d-"
            + text.substring(0, Math.min(text.length(), 48))
            + "\",\"request\":{\"features\":[1,2]},\"expect\":{\""
            + text
            + "\":\""
            + text
            + "\"}}";
    StringBuilder all = new StringBuilder(golden.formatted(0));
    for (int i = 1; i < 20; i++) {
      all.append(',').append(golden.formatted(i));
    }

    Report report = run("linear", all.toString());

    assertThat(report.message()).startsWith("20 of 20 golden requests failed: ");
    byte[] message = ReportMessage.of(report);
    assertThat(message.length).isLessThanOrEqualTo(ReportMessage.MAX_BYTES);
    assertThat(new ObjectMapper().readTree(message).at("/verification/total").asInt())
        .isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"a\",\"request\":{}}",
        "{\"name\":\"a\",\"expect\":{}}",
        "{\"request\":{},\"expect\":{}}",
        "{\"name\":\"a\",\"request\":[],\"expect\":{}}",
        "{\"name\":\"a\",\"request\":{},\"expect\":{},\"tolerance\":{\"absolute\":-1}}",
        "{\"name\":\"a\",\"request\":{},\"expect\":{}},{\"name\":\"a\",\"request\":{},\"expect\":{}}",
      })
  void refusesAConfigurationItCannotMean(String golden) throws IOException {
    assertThat(run("linear", golden).reason()).isEqualTo(Reason.InvalidConfiguration);
  }

  @Test
  void refusesASignatureThatBreaksClients() throws IOException {
    baseline("identity", true);

    Report report = run("linear", "");

    assertThat(report.reason()).isEqualTo(Reason.BreakingSignature);
    assertThat(report.reason().finalCause()).isTrue();
    assertThat(report.message())
        .isEqualTo(
            "the model's signature breaks clients of revision abc: input \"x\" has shape [?,2]"
                + " instead of [?,3]; output \"y\" has shape [?,1] instead of [?,3]; keep the"
                + " signature, or set spec.rollout.signaturePolicy to Any");
    assertThat(report.signature()).isNotNull();
    assertThat(root.resolve("model/digest")).doesNotExist();
  }

  @Test
  void takesTheSameSignatureAndACompatibleOne() throws IOException {
    baseline("linear", true);
    assertThat(run("linear", "").reason()).isEqualTo(Reason.ModelLoaded);
    baseline("linear", false);
    assertThat(run("linear", "").reason()).isEqualTo(Reason.ModelLoaded);
  }

  @Test
  void ofAHashOnlyTheIdenticalSignatureIsCompatible() throws IOException {
    baseline("identity", false);

    Report report = run("linear", "");

    assertThat(report.reason()).isEqualTo(Reason.BreakingSignature);
    assertThat(report.message()).contains("only an identical one is known to be compatible");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "{\"signatureHash\":\"00\",\"signature\":\"!\"}"})
  void doesNotGoOnWithoutTheBaselineItWasGiven(String text) throws IOException {
    Files.writeString(root.resolve("baseline.json"), text);

    assertThat(run("linear", "").reason()).isEqualTo(Reason.InvalidConfiguration);
  }

  private void baseline(String model, boolean whole) throws IOException {
    JsonNode report = json(run(model, ""));
    Files.writeString(
        root.resolve("baseline.json"),
        "{\"revision\":\"abc\",\"signatureHash\":\"%s\"%s}"
            .formatted(
                report.get("signatureHash").asText(),
                whole ? ",\"signature\":\"" + report.get("signature").asText() + "\"" : ""));
  }

  private static JsonNode json(Report report) throws IOException {
    return requireNonNull(new ObjectMapper().readTree(ReportMessage.of(report)));
  }

  private Report run(String model, String golden) throws IOException {
    Files.writeString(
        root.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"persistentVolumeClaim\":{\"claimName\":\"claim\",\"path\":\""
            + model
            + ".onnx\"}},\"verification\":["
            + golden
            + "]}");
    ServerEnvironment environment = PreflightEnvironment.of(root, TestModels.FOLDER);
    return new Preflight(
            environment,
            new Network(AddressPolicy.publicAndPrivate(), Limits.DEFAULT),
            TrialProcesses.inThisOne(environment))
        .run();
  }
}
