package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What happens every day to a model in production costs no call, over kept and over new
 * connections.
 */
@ClusterTest
class RolloutIT {
  private static final int REPLICAS = 3;
  private static final StringBuilder ACCOUNT = new StringBuilder();

  private static TestNamespace namespace;
  private static ModelServerClient iris;

  private final int perSecond = Cluster.get().settings().perSecond();
  private OpenLoopLoad load;

  @BeforeAll
  static void createModelServer() {
    namespace = TestNamespace.create(Cluster.get(), "rollout");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    namespace.putModel(IrisModel.V1_1.configMap(), IrisModel.V1_1.bytes());
    iris = namespace.modelServer("iris");
    iris.create(IrisModel.V1_0.spec(REPLICAS));
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
    Evidence.record(
        "rollout.md",
        "Calls during a rollout, a deleted pod, an eviction and a scale-down",
        ACCOUNT.toString());
  }

  @BeforeEach
  void startLoadOnAllPods() {
    iris.replaceSpec(IrisModel.V1_0.spec(REPLICAS));
    iris.awaitReady();
    iris.awaitReadyPods(REPLICAS);
    load = IrisModel.load(iris.predict(), perSecond);
  }

  @AfterEach
  void stopLoad() {
    load.stop();
  }

  @Test
  void aNewVersionOfTheModel(TestInfo test) {
    awaitSent(15 * perSecond);

    iris.replaceSpec(IrisModel.V1_1.spec(REPLICAS));
    iris.awaitReady();
    awaitSent(60 * perSecond);

    LoadResult result = finish(test);
    assertThat(result.byDigest().keySet())
        .containsExactlyInAnyOrder(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
    assertThat(result.byDigest().values())
        .allSatisfy(answers -> assertThat(answers).isGreaterThan(10 * perSecond));
  }

  @Test
  void aDeletedPod(TestInfo test) {
    awaitSent(5 * perSecond);

    Pod pod = iris.pods().getFirst();
    Cluster.get().client().resource(pod).delete();
    awaitReplacement(pod);
    awaitSent(15 * perSecond);

    finish(test);
  }

  @Test
  void anEviction(TestInfo test) {
    awaitSent(5 * perSecond);

    Pod pod = iris.pods().getFirst();
    assertThat(Cluster.get().client().pods().resource(pod).evict())
        .as("the budget allows it")
        .isTrue();
    awaitReplacement(pod);
    awaitSent(15 * perSecond);

    finish(test);
  }

  @Test
  void aScaleDown(TestInfo test) {
    awaitSent(5 * perSecond);

    iris.scale(REPLICAS - 1);
    iris.awaitReadyPods(REPLICAS - 1);
    awaitSent(15 * perSecond);

    finish(test);
  }

  private void awaitSent(int calls) {
    Awaitility.await(calls + " calls are sent")
        .atMost(Duration.ofMinutes(5))
        .until(() -> load.sent() >= calls);
  }

  private LoadResult finish(TestInfo test) {
    LoadResult result = load.stop();
    ACCOUNT.append(test.getDisplayName()).append(": ").append(result).append('\n');
    assertThat(result.failures()).as(result.toString()).isEmpty();
    assertThat(result.byConnections().values()).as("kept and new connections").hasSize(2);
    return result;
  }

  private static void awaitReplacement(Pod lost) {
    Awaitility.await("another pod in place of " + lost.getMetadata().getName())
        .atMost(ModelServerClient.ROLLOUT)
        .until(
            () ->
                iris.pods().stream()
                    .noneMatch(
                        pod -> pod.getMetadata().getUid().equals(lost.getMetadata().getUid())));
    iris.awaitReadyPods(REPLICAS);
  }
}
