package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A model that answers a golden request wrongly, and one that breaks its clients: neither takes one
 * call, and the status says why.
 */
@ClusterTest
class VerificationIT {
  private static final int REPLICAS = 2;
  private static final int PER_SECOND = 20;
  private static final String HEALTH_RISK = "health-risk";

  /** Written to by tests that run side by side. */
  private static final StringWriter ACCOUNT = new StringWriter();

  @AfterAll
  static void record() {
    Evidence.record(
        "verification.md", "A failing golden request and a breaking signature", ACCOUNT.toString());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait, each in its own namespace
  void aModelThatFailsAGoldenRequestNeverTakesTraffic() {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "golden")) {
      ModelServerClient iris = serving(namespace, golden(IrisModel.V1_0, "versicolor"));
      assertThat(iris.state().status("/model/verification/passed")).isEqualTo("2");

      ModelServerState state =
          refused(
              "a failing golden request", namespace, iris, golden(IrisModel.V1_1, "versicolor"));

      ModelServerState.Condition why = state.condition("RolledBack").orElseThrow();
      assertThat(why.reason()).isEqualTo("VerificationFailed");
      assertThat(why.message())
          .contains(
              "1 of 2 golden requests failed: \"a flower between two species\": class is \"virginica\", expected \"versicolor\"",
              "put the right model there, or correct the case in spec.verification.requests");
      assertThat(state.condition("ModelLoaded").orElseThrow().reason())
          .isEqualTo("VerificationFailed");

      iris.replaceSpec(golden(IrisModel.V1_1, "virginica"));
      ModelServerState ready = iris.awaitReady();
      assertThat(ready.status("/model/sha256")).isEqualTo(IrisModel.V1_1.sha256());
      assertThat(ready.status("/model/verification/total")).isEqualTo("2");
      assertThat(ready.condition("RolledBack")).isEmpty();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait, each in its own namespace
  void aModelThatBreaksClientsNeverTakesTrafficUnlessAllowed() {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "signature")) {
      namespace.putModel(HEALTH_RISK, Repository.bytes("samples/models/health-risk.onnx"));
      ModelServerClient iris = serving(namespace, IrisModel.V1_0.spec(REPLICAS));

      ModelServerState state = refused("a breaking signature", namespace, iris, healthRisk());

      ModelServerState.Condition why = state.condition("RolledBack").orElseThrow();
      assertThat(why.reason()).isEqualTo("BreakingSignature");
      assertThat(why.message())
          .contains(
              "input \"X\" has shape [?,2] instead of [?,4]",
              "output \"output_label\" has type BYTES instead of INT64",
              "the class labels are [High Risk, Low Risk] instead of [setosa, versicolor, virginica]",
              "set spec.rollout.signaturePolicy to Any");

      iris.merge(signatures("Any"));
      ModelServerState allowed = iris.awaitReady();
      assertThat(allowed.condition("RolledBack")).isEmpty();
      assertThat(allowed.status("/model/version")).isEqualTo("v2");
      iris.awaitReadyPods(REPLICAS);
      account("after signaturePolicy: Any", allowed);

      Awaitility.await("the pods of the old revision are gone")
          .atMost(Duration.ofSeconds(90))
          .until(() -> RunningPods.of(namespace).pods().size() == REPLICAS);
      RunningPods before = RunningPods.of(namespace);
      iris.merge(signatures(null));
      iris.awaitObserved();
      iris.annotate("example.com/seen", "the policy is gone");
      Awaitility.await("nothing changes")
          .during(Duration.ofSeconds(15))
          .atMost(Duration.ofSeconds(40))
          .until(() -> RunningPods.of(namespace).equals(before) && iris.state().isReady());
      account("after the policy is removed", iris.state());
    }
  }

  /** A ModelServer that is Ready. */
  private static ModelServerClient serving(TestNamespace namespace, Map<String, Object> spec) {
    for (IrisModel model : List.of(IrisModel.V1_0, IrisModel.V1_1)) {
      namespace.putModel(model.configMap(), model.bytes());
    }
    ModelServerClient iris = namespace.modelServer("iris");
    iris.create(spec);
    iris.awaitReady();
    iris.awaitReadyPods(REPLICAS);
    return iris;
  }

  /** Tries a spec under load, until it is rolled back and its pods are gone. */
  private static ModelServerState refused(
      String what, TestNamespace namespace, ModelServerClient iris, Map<String, Object> spec) {
    String good = iris.deployedRevision();
    OpenLoopLoad load = IrisModel.load(iris.predict(), PER_SECOND);
    try (PodWatch pods = PodWatch.start(Cluster.get().client(), namespace.name())) {
      await(load, 5 * PER_SECOND);
      iris.replaceSpec(spec);
      ModelServerState state =
          iris.await("rolled back", ModelServerClient.ROLLOUT, s -> s.is("RolledBack"));
      String bad = revision(state.status("/currentRevision"));
      await(load, load.sent() + 15 * PER_SECOND);
      LoadResult result = load.stop();

      assertThat(bad).isNotEqualTo(good);
      assertThat(iris.deployedRevision()).isEqualTo(good);
      assertThat(pods.seen(bad)).as("pods of the refused revision").isNotEmpty();
      assertThat(pods.everReady(bad)).as(pods.toString()).isEmpty();
      assertThat(result.failures()).as(result.toString()).isEmpty();
      assertThat(result.byDigest().keySet())
          .as("only the good revision answers")
          .containsExactly(IrisModel.V1_0.digest());
      assertThat(state.condition("Ready").orElseThrow().reason()).isEqualTo("RolledBack");
      assertThat(state.is("Available")).isTrue();
      assertThat(state.is("Stalled")).isTrue();
      account(what, state);
      ACCOUNT.append("%s: calls: %s%npods: %s%n%n".formatted(what, result, pods));
      return state;
    } finally {
      load.stop();
    }
  }

  private static void await(OpenLoopLoad load, int calls) {
    Awaitility.await(calls + " calls are sent")
        .atMost(Duration.ofMinutes(2))
        .until(() -> load.sent() >= calls);
  }

  private static String revision(String name) {
    return name.substring(name.lastIndexOf('-') + 1);
  }

  private static void account(String what, ModelServerState state) {
    String conditions =
        Stream.of("Ready", "Available", "ModelLoaded", "RolledBack", "Stalled", "Reconciling")
            .flatMap(type -> state.condition(type).stream())
            .map(c -> "%s=%s %s: %s".formatted(c.type(), c.status(), c.reason(), c.message()))
            .collect(Collectors.joining("\n"));
    ACCOUNT.append(
        "### %s%n%s%nstatus.model: %s%n"
            .formatted(what, conditions, state.json().at("/status/model")));
  }

  private static Map<String, Object> golden(IrisModel model, String species) {
    Map<String, Object> spec = new LinkedHashMap<>(model.spec(REPLICAS));
    spec.put(
        "verification",
        Map.of(
            "requests",
            List.of(
                Map.of(
                    "name", "a setosa",
                    "request", Map.of("features", List.of(5.1, 3.5, 1.4, 0.2)),
                    "expect", Map.of("class", "setosa", "probabilities", Map.of("setosa", 0.98)),
                    "tolerance", Map.of("absolute", 0.05)),
                Map.of(
                    "name", "a flower between two species",
                    "request", Map.of("features", List.of(6.3, 2.8, 5.1, 1.5)),
                    "expect", Map.of("class", species)))));
    return spec;
  }

  private static Map<String, Object> healthRisk() {
    Map<String, Object> spec = new LinkedHashMap<>(IrisModel.V1_0.spec(REPLICAS));
    spec.put(
        "model",
        Map.of("configMap", Map.of("name", HEALTH_RISK, "key", "model.onnx"), "version", "v2"));
    return spec;
  }

  private static Map<String, Object> signatures(@Nullable String policy) {
    Map<String, Object> rollout = new LinkedHashMap<>();
    rollout.put("signaturePolicy", policy);
    return Map.of("spec", Map.of("rollout", rollout));
  }
}
