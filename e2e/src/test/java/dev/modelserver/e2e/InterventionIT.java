package dev.modelserver.e2e;

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
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A person rolls back, holds a rollout or holds the operator: no call fails. */
@ClusterTest
class InterventionIT {
  private static final String ROLLBACK_TO = "modelserver.dev/rollback-to";
  private static final String PAUSE = "modelserver.dev/pause-reconciliation";
  private static final int REPLICAS = 2;
  private static final int PER_SECOND = 20;
  private static final int TEN_SECONDS = 10 * PER_SECOND;
  private static final Duration SOON = Duration.ofSeconds(90);

  /** Written to by tests that run side by side. */
  private static final StringWriter ACCOUNT = new StringWriter();

  private TestNamespace namespace;
  private ModelServerClient iris;
  private String first;
  private OpenLoopLoad load;

  @BeforeEach
  void serveTheFirstVersion() {
    namespace = TestNamespace.create(Cluster.get(), "by-hand");
    for (IrisModel model : IrisModel.values()) {
      namespace.putModel(model.configMap(), model.bytes());
    }
    iris = namespace.modelServer("iris");
    iris.create(IrisModel.V1_0.spec(REPLICAS));
    iris.awaitReady();
    iris.awaitReadyPods(REPLICAS);
    first = iris.deployedRevision();
    load = IrisModel.load(iris.predict(), PER_SECOND);
  }

  @AfterEach
  void stopLoad() {
    load.stop();
    namespace.close();
  }

  @AfterAll
  static void report() {
    Evidence.record(
        "intervention.md", "Rolled back by hand, paused and resumed", ACCOUNT.toString());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait, each in its own namespace
  void aRollbackByHandAndBackAgain(TestInfo test) {
    String number = iris.state().status("/history/0/number");
    iris.replaceSpec(IrisModel.V1_1.spec(REPLICAS));
    iris.awaitReady();
    String second = iris.deployedRevision();
    onlyAnswers(IrisModel.V1_1);

    iris.annotate(ROLLBACK_TO, number);
    ModelServerState.Condition why =
        iris.await("rolled back", ModelServerClient.ROLLOUT, InterventionIT::runsInItsPlace)
            .condition("RolledBack")
            .orElseThrow();
    ACCOUNT.append("%s=%s: %s%n".formatted(ROLLBACK_TO, number, why.message()));
    assertThat(iris.deployedRevision()).isEqualTo(first);
    assertThat(iris.state().is("Available")).isTrue();
    onlyAnswers(IrisModel.V1_0);

    removeAnnotation(ROLLBACK_TO);
    assertThat(iris.awaitReady().condition("RolledBack")).isEmpty();
    assertThat(iris.deployedRevision()).isEqualTo(second);
    onlyAnswers(IrisModel.V1_1);

    noneFailed(test);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait, each in its own namespace
  void aPausedRolloutFollowsReplicasAndGoesOnWhenResumed(TestInfo test) {
    Map<String, Object> paused = IrisModel.V1_1.spec(REPLICAS);
    paused.put("rollout", Map.of("paused", true));
    iris.replaceSpec(paused);
    iris.await("paused", SOON, state -> state.tells("RolloutPaused"));
    RunningPods held = RunningPods.of(namespace);
    load.awaitMore(TEN_SECONDS);
    assertThat(RunningPods.of(namespace).pods()).isEqualTo(held.pods());

    iris.scale(REPLICAS + 1);
    assertThat(iris.awaitReadyPods(REPLICAS + 1))
        .allSatisfy(pod -> assertThat(revision(pod)).isEqualTo(first));
    iris.scale(REPLICAS);
    iris.awaitReadyPods(REPLICAS);
    onlyAnswers(IrisModel.V1_0);

    iris.merge(Map.of("spec", Map.of("rollout", Map.of("paused", false))));
    iris.awaitReady();
    onlyAnswers(IrisModel.V1_1);

    noneFailed(test);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait, each in its own namespace
  void aPausedReconciliationLeavesAllToKubernetesUntilItEnds(TestInfo test) {
    iris.annotate(PAUSE, "true");
    iris.await("paused", SOON, state -> state.is("ReconciliationPaused") && state.isReady());
    iris.replaceSpec(IrisModel.V1_1.spec(REPLICAS));
    budget().delete();
    String waiting =
        iris.await("objects wait", SOON, InterventionIT::waitsForTwo)
            .condition("Ready")
            .orElseThrow()
            .message();
    ACCOUNT.append("%s: %s%n".formatted(PAUSE, waiting));

    Pod lost = iris.pods().getFirst();
    Cluster.get().client().resource(lost).delete();
    Awaitility.await("another pod in place of " + lost.getMetadata().getName())
        .atMost(ModelServerClient.ROLLOUT)
        .until(() -> iris.pods().stream().noneMatch(pod -> uid(pod).equals(uid(lost))));
    iris.awaitReadyPods(REPLICAS);
    load.awaitMore(TEN_SECONDS);
    assertThat(budget().get()).as("what was deleted is not put back").isNull();
    assertThat(iris.deployedRevision()).isEqualTo(first);
    onlyAnswers(IrisModel.V1_0);

    removeAnnotation(PAUSE);
    assertThat(iris.awaitReady().condition("ReconciliationPaused")).isEmpty();
    assertThat(budget().get()).isNotNull();
    onlyAnswers(IrisModel.V1_1);

    noneFailed(test);
  }

  private static boolean runsInItsPlace(ModelServerState state) {
    return state
        .condition("RolledBack")
        .filter(condition -> condition.reason().equals("ManualRollback"))
        .filter(condition -> condition.message().contains(" runs in place of "))
        .isPresent();
  }

  private static boolean waitsForTwo(ModelServerState state) {
    return state
        .condition("Ready")
        .filter(condition -> condition.reason().equals("ReconciliationPaused"))
        .filter(condition -> condition.message().contains("Deployment iris"))
        .filter(condition -> condition.message().contains("PodDisruptionBudget iris"))
        .isPresent();
  }

  /** Once the pods of other revisions are gone. */
  private void onlyAnswers(IrisModel model) {
    iris.awaitReadyPods(REPLICAS);
    Awaitility.await("no pod is on its way out")
        .atMost(SOON)
        .until(() -> RunningPods.of(namespace).pods().size() == REPLICAS);
    OpenLoopLoad now = IrisModel.load(iris.predict(), PER_SECOND);
    try {
      now.awaitMore(PER_SECOND);
    } finally {
      now.stop();
    }
    assertThat(now.stop().byDigest().keySet()).containsExactly(model.digest());
  }

  private void noneFailed(TestInfo test) {
    LoadResult result = load.stop();
    ACCOUNT.append("%s: calls %s%n".formatted(test.getDisplayName(), result));
    assertThat(result.failures()).as(result.toString()).isEmpty();
    assertThat(result.byDigest().keySet())
        .containsExactlyInAnyOrder(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
  }

  private void removeAnnotation(String key) {
    Map<String, @Nullable Object> none = new HashMap<>();
    none.put(key, null);
    iris.merge(Map.of("metadata", Map.of("annotations", none)));
  }

  private Resource<PodDisruptionBudget> budget() {
    return Cluster.get()
        .client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace.name())
        .withName(iris.name());
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static String revision(Pod pod) {
    return String.valueOf(pod.getMetadata().getLabels().get(ModelServerClient.REVISION_LABEL));
  }
}
