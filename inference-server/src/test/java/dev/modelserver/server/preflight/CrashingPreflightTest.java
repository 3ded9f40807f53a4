package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.AddressPolicy;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.EmptyAxes.InputAxis;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.TrialResults;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that end the process which runs them, in processes that really end. */
class CrashingPreflightTest {

  @TempDir Path root;

  @Test
  void leavesOutTheRunsThatEndTheProcess() throws IOException {
    Preflight preflight = preflight("crash-frame", "");

    Report report = preflight.run();

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    assertThat(preflight.exitCode()).isZero();
    assertThat(report.message())
        .startsWith("the model is verified and loaded; ")
        .contains("trial runs ended their process (SIGFPE");
    TrialResults results = results("crash-frame");
    assertThat(results.crashed()).isNotEmpty();
    assertThat(results.survived()).isNotEmpty().doesNotContainAnyElementsOf(results.crashed());
    assertThat(results.answered()).isTrue();
  }

  @Test
  void endsAlsoForAModelThatAnswersNothing() throws IOException {
    Report report = preflight("crash-always", "").run();

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    assertThat(report.message())
        .contains("but no run of it has succeeded yet", "trial runs ended their process (SIGFPE");
    assertThat(results("crash-always").answered()).isFalse();
    assertThat(results("crash-always").crashed()).hasSizeBetween(1, Trials.MAX_CRASHES);
  }

  @Test
  void saysThatAModelCrashesWhileItIsLoaded() throws IOException {
    Preflight preflight = preflight("crash-load", "");

    Report report = preflight.run();

    assertThat(report.reason()).isEqualTo(Reason.InvalidModel);
    assertThat(report.message()).contains("ends its process (SIGFPE) while it loads the model");
    assertThat(preflight.exitCode()).isEqualTo(1);
    assertThat(root.resolve("model/digest")).doesNotExist();
  }

  @Test
  void sendsGoldenRequestsToAModelThatCrashedInTrials() throws IOException {
    Report report =
        preflight(
                "crash-below-one",
                ",\"verification\":[{\"name\":\"two\",\"request\":{\"features\":[2]},\"expect\":{}}]")
            .run();

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    assertThat(report.message())
        .contains("answers 1 of 1 golden requests", "8 trial runs ended their process (SIGFPE")
        .containsOnlyOnce("SIGFPE with no elements along axis 0 of x");
  }

  @Test
  void saysThatAGoldenRequestCrashes() throws IOException {
    Report report =
        preflight(
                "crash-below-one",
                """
                ,"verification":[
                  {"name":"two","request":{"features":[2]},"expect":{}},
                  {"name":"none","request":{"features":[0.25]},"expect":{}}]
                """)
            .run();

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.VerificationFailed);
    assertThat(report.message())
        .contains(
            "\"none\" ends the process of ONNX Runtime (SIGFPE)", "spec.verification.requests");
  }

  @Test
  void findsOutWhichInputsMayBeEmpty() throws IOException {
    Report report = preflight("crash-empty", "").run();

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    TrialResults results = results("crash-empty");
    InputAxis time = new InputAxis("x", 0);
    InputAxis batch = new InputAxis("x", 1);
    Set<InputAxis> past = Set.of(new InputAxis("past_a", 1), new InputAxis("past_b", 1));
    assertThat(results.emptyAxes().allow(past)).isTrue();
    assertThat(results.emptyAxes().allow(Set.of(time))).isTrue();
    assertThat(results.emptyAxes().allow(Set.of(batch))).isFalse();
    assertThat(results.emptyAxes().allow(Set.of(time, batch))).isFalse();
    assertThat(results.emptyAxes().allow(Set.of(new InputAxis("past_a", 1)))).isFalse();
    assertThat(report.message()).contains("SIGABRT with no elements along axis 1 of x");
  }

  /** The kernel kills the process with the model, and leaves the other: both must end. */
  @Test
  void endsAsAProcessThatWasKilled() throws IOException {
    Preflight preflight = preflight("linear", "", (task, out, stuck) -> 137);

    assertThat(preflight.run().reason()).isEqualTo(Reason.Loading);
    assertThat(preflight.exitCode()).isEqualTo(137);

    Preflight full = preflight("linear", "", (task, out, stuck) -> 3);
    assertThat(full.run().reason()).isEqualTo(Reason.Loading);
    assertThat(full.exitCode()).isEqualTo(3);
  }

  @Test
  void givesUpOnAProcessThatEndsWithoutASignal() throws IOException {
    Report report = preflight("linear", "", (task, out, stuck) -> 1).run();

    assertThat(report.reason()).isEqualTo(Reason.InternalError);
    assertThat(report.message()).contains("its trial process ended with 1");
  }

  private TrialResults results(String model) throws IOException {
    return TrialResults.read(
            new ModelDirectory(root.resolve("model")),
            Digest.of(Files.readAllBytes(TestModels.file(model))))
        .orElseThrow();
  }

  private Preflight preflight(String model, String more) throws IOException {
    return preflight(model, more, TrialProcesses.ofItsOwn(environment()));
  }

  private Preflight preflight(String model, String more, TrialProcess process) throws IOException {
    Files.writeString(
        root.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"persistentVolumeClaim\":{\"claimName\":\"claim\",\"path\":\"%s.onnx\"}}%s}"
            .formatted(model, more));
    return new Preflight(
        environment(), new Network(AddressPolicy.publicAndPrivate(), Limits.DEFAULT), process);
  }

  private ServerEnvironment environment() {
    return PreflightEnvironment.of(root, TestModels.FOLDER);
  }
}
