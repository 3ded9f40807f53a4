package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModelTable.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A spec that the API server, a policy of the cluster or the operator itself refuses: the last good
 * revision is kept whole beside it. It follows the replicas, comes back when it is deleted, and no
 * call fails.
 */
@ClusterTest
class KeptRevisionIT {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final StringBuilder ACCOUNT = new StringBuilder();

  /**
   * A refusal.
   *
   * @param type of the condition that tells it
   * @param spoiled what of the spec is not accepted
   * @param atDeadline whether it is given up at the progress deadline, and not at once
   */
  record Refused(String reason, String type, Map<String, Object> spoiled, boolean atDeadline) {
    @Override
    public String toString() {
      return reason;
    }
  }

  static List<Refused> refusals() {
    return Sample.of(
        List.of(
            new Refused(
                "InvalidSpec",
                "Ready",
                Map.of("rollout", Map.of("progressDeadlineSeconds", 10, "minReadySeconds", 10)),
                false),
            new Refused(
                "Invalid",
                "RolledBack",
                Map.of(
                    "resources",
                    Map.of("requests", Map.of("memory", "2Gi"), "limits", Map.of("memory", "1Gi"))),
                false),
            new Refused(
                "AdmissionDenied",
                "RolledBack",
                Map.of("server", Map.of("image", "denied.example.com/server:1")),
                true)),
        "kept.sample");
  }

  @AfterAll
  static void report() {
    Evidence.record(
        "kept-revision.md", "The last good revision beside a refused spec", ACCOUNT.toString());
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void theLastGoodRevisionIsKeptWhole(Refused refused) {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "kept")) {
      for (IrisModel model : IrisModel.values()) {
        namespace.putModel(model.configMap(), model.bytes());
      }
      Admissions.imagePolicy(namespace);
      try {
        play(refused, namespace.modelServer("iris"));
      } finally {
        Admissions.remove(namespace);
      }
    }
  }

  private static void play(Refused refused, ModelServerClient iris) {
    iris.create(spec(IrisModel.V1_0, 2, Map.of()));
    iris.awaitReady();
    iris.awaitReadyPods(2);
    String good = iris.deployedRevision();
    OpenLoopLoad load = IrisModel.load(iris.predict(), 20);
    LoadResult result;
    Duration told;
    Duration followed;
    try {
      Instant edited = Instant.now();
      iris.replaceSpec(spec(IrisModel.V1_1, 2, refused.spoiled()));
      ModelServerState state = iris.await(refused.reason(), SOON, each -> tells(each, refused));
      told = Duration.between(edited, Instant.now());
      assertThat(state.is("Available")).as("Available").isTrue();

      Instant scaled = Instant.now();
      iris.scale(3);
      iris.awaitReadyPods(3);
      followed = Duration.between(scaled, Instant.now());
      iris.scale(2);
      iris.awaitReadyPods(2);
      assertThat(iris.deployedRevision()).isEqualTo(good);
    } finally {
      result = load.stop();
    }
    assertThat(result.failures()).as(result.toString()).isEmpty();
    assertThat(result.byDigest().keySet()).containsExactly(IrisModel.V1_0.digest());
    if (refused.atDeadline()) {
      assertThat(told).as("time to the rollback").isGreaterThan(DEADLINE.minusSeconds(2));
    } else {
      assertThat(told).as("time to the status").isLessThan(DEADLINE);
    }

    Instant deleted = Instant.now();
    deleteChildren(iris);
    iris.awaitReadyPods(2);
    assertThat(iris.deployedRevision()).isEqualTo(good);
    Duration restored = Duration.between(deleted, Instant.now());

    iris.replaceSpec(spec(IrisModel.V1_1, 2, Map.of()));
    iris.awaitReady();
    assertThat(iris.deployedRevision()).isNotEqualTo(good);
    ACCOUNT.append(
        "%s: told by %s after %s s; 2 to 3 pods in %s s; calls: %s; Deployment and Service deleted: 2 ready pods again after %s s%n"
            .formatted(
                refused,
                refused.type(),
                seconds(told),
                seconds(followed),
                result,
                seconds(restored)));
  }

  private static boolean tells(ModelServerState state, Refused refused) {
    return state
        .condition(refused.type())
        .filter(condition -> condition.observedGeneration() == state.generation())
        .filter(condition -> condition.reason().equals(refused.reason()))
        .isPresent();
  }

  /** Waits until each is another object than before. */
  private static void deleteChildren(ModelServerClient iris) {
    var client = iris.cluster().client();
    var service = client.services().inNamespace(iris.namespace()).withName(iris.name());
    var deployment =
        client.apps().deployments().inNamespace(iris.namespace()).withName(iris.name());
    String oldService = service.require().getMetadata().getUid();
    String oldDeployment = deployment.require().getMetadata().getUid();
    service.delete();
    deployment.delete();
    Awaitility.await("the Service and the Deployment are back")
        .atMost(SOON)
        .until(
            () ->
                service.get() != null
                    && deployment.get() != null
                    && !service.require().getMetadata().getUid().equals(oldService)
                    && !deployment.require().getMetadata().getUid().equals(oldDeployment));
  }

  private static Map<String, Object> spec(
      IrisModel model, int replicas, Map<String, Object> spoiled) {
    Map<String, Object> spec = new HashMap<>(model.spec(replicas));
    spec.put("rollout", Map.of("progressDeadlineSeconds", DEADLINE.toSeconds()));
    spec.putAll(spoiled);
    return spec;
  }
}
