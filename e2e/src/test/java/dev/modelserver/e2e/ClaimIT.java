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
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Models on a PersistentVolumeClaim whose files belong to another user and group. */
@ClusterTest
class ClaimIT {
  private static final int REPLICAS = 2;
  private static final int PER_SECOND = 20;
  private static final int A_WHILE = 5 * PER_SECOND;

  /** Written to by tests that run side by side. */
  private static final StringWriter ACCOUNT = new StringWriter();

  @AfterAll
  static void report() {
    Evidence.record("claim.md", "Models on a PersistentVolumeClaim", ACCOUNT.toString());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait, each in its own namespace
  void aNewVersionOnTheClaimRollsOut() {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "claim");
        LocalVolume volume = LocalVolume.make(namespace, "0755", "0644")) {
      ModelServerClient iris = serving(namespace, volume.spec(IrisModel.V1_0, REPLICAS));
      OpenLoopLoad load = IrisModel.load(iris.predict(), PER_SECOND);
      try {
        load.awaitMore(A_WHILE);

        serves(iris, IrisModel.V1_1, volume.spec(IrisModel.V1_1, REPLICAS));
        load.awaitMore(A_WHILE);
      } finally {
        load.stop();
      }
      noneFailed("files that everybody may read", load.stop());
    }
  }

  /**
   * The group of the files is enough. With another group the kubelet changes theirs: only where the
   * claim itself is not read-only, and of a local volume only for the first pod that mounts it.
   */
  @Test
  @Execution(ExecutionMode.CONCURRENT) // they mostly wait, each in its own namespace
  void filesOfAnotherGroupNeedFsGroup() {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "group");
        LocalVolume volume = LocalVolume.make(namespace, "0750", "0640")) {
      namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
      ModelServerClient iris = serving(namespace, IrisModel.V1_0.spec(REPLICAS));
      String good = iris.deployedRevision();
      OpenLoopLoad load = IrisModel.load(iris.predict(), PER_SECOND);
      try {
        Map<String, Object> without = volume.spec(IrisModel.V1_1, REPLICAS);
        without.put("rollout", Map.of("progressDeadlineSeconds", 20));
        iris.replaceSpec(without);
        ModelServerState.Condition why =
            iris.await("rolled back", ModelServerClient.ROLLOUT, state -> state.is("RolledBack"))
                .condition("RolledBack")
                .orElseThrow();
        tell("without fsGroup: %s: %s".formatted(why.reason(), why.message()));
        assertThat(why.reason()).isEqualTo("ModelNotFound");
        assertThat(why.message())
            .contains(
                "\"iris-v1-1.onnx\" in PersistentVolumeClaim models cannot be read",
                "spec.pod.securityContext.fsGroup");
        assertThat(iris.deployedRevision()).isEqualTo(good);

        awaitUnmounted(namespace);
        serves(iris, IrisModel.V1_1, inGroup(volume, IrisModel.V1_1, LocalVolume.GROUP));
        load.awaitMore(A_WHILE);
        tell("with fsGroup, the files' own group: Ready");

        serves(iris, IrisModel.V1_0, IrisModel.V1_0.spec(REPLICAS));
        awaitUnmounted(namespace);
        serves(iris, IrisModel.V1_1, inGroup(volume, IrisModel.V1_1, LocalVolume.GROUP + 1));
        load.awaitMore(A_WHILE);
        tell("with fsGroup, another group: Ready");
      } finally {
        load.stop();
      }
      noneFailed("files of one group", load.stop());
    }
  }

  private static ModelServerClient serving(TestNamespace namespace, Map<String, Object> spec) {
    ModelServerClient iris = namespace.modelServer("iris");
    iris.create(spec);
    iris.awaitReady();
    iris.awaitReadyPods(REPLICAS);
    return iris;
  }

  /** Rolls a spec out, with its model. */
  private static void serves(ModelServerClient iris, IrisModel model, Map<String, Object> spec) {
    iris.replaceSpec(spec);
    assertThat(iris.awaitReady().status("/model/sha256")).isEqualTo(model.sha256());
    iris.awaitReadyPods(REPLICAS);
  }

  /** Waits until only pods of the revision without the claim are left. */
  private static void awaitUnmounted(TestNamespace namespace) {
    Awaitility.await("no pod mounts the claim")
        .atMost(Duration.ofSeconds(90))
        .until(() -> RunningPods.of(namespace).pods().size() == REPLICAS);
  }

  private static Map<String, Object> inGroup(LocalVolume volume, IrisModel model, int group) {
    Map<String, Object> spec = volume.spec(model, REPLICAS);
    spec.put("pod", Map.of("securityContext", Map.of("fsGroup", group)));
    return spec;
  }

  private static void noneFailed(String what, LoadResult result) {
    tell("%s: calls %s".formatted(what, result));
    assertThat(result.failures()).as(result.toString()).isEmpty();
    assertThat(result.byDigest().keySet())
        .containsExactlyInAnyOrder(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
  }

  private static void tell(String line) {
    ACCOUNT.append(line + "\n");
  }
}
