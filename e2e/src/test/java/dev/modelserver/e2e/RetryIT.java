package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.ModelHost;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A revision that was rolled back is not tried again by itself, only when a person asks for it. */
@ClusterTest
class RetryIT {
  private static final String PATH = "/repaired-later.onnx";
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void onlyTheRetryAnnotationTriesARolledBackRevisionAgain() throws IOException {
    Cluster cluster = Cluster.get();
    try (TestNamespace namespace = TestNamespace.create(cluster, "retry");
        ModelHost host = ModelHost.start(cluster)) {
      namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
      host.serve(PATH, BadSources.garbage());
      ModelServerClient iris = namespace.modelServer("iris");
      iris.create(BadModel.goodSpec());
      iris.awaitReady();
      String good = iris.deployedRevision();
      Map<String, Object> next = IrisModel.V1_1.spec(1);
      BadModel.fetch(next, host.uri(PATH));
      iris.replaceSpec(next);
      iris.await("rolled back", ModelServerClient.ROLLOUT, state -> state.is("RolledBack"));
      // Until the pod is gone, its kubelet may begin the preflight once more.
      Awaitility.await("the bad pod is gone")
          .atMost(SOON)
          .until(
              () ->
                  cluster
                      .client()
                      .pods()
                      .inNamespace(namespace.name())
                      .withLabel(ModelServerClient.REVISION_LABEL)
                      .withLabelNotIn(ModelServerClient.REVISION_LABEL, good)
                      .list()
                      .getItems()
                      .isEmpty());
      long fetches = host.requests(PATH);

      iris.scale(2);
      iris.awaitReadyPods(2);
      iris.merge(Map.of("metadata", Map.of("labels", Map.of("example.com/team", "a"))));
      iris.merge(Map.of("spec", Map.of("disruption", Map.of("maxUnavailable", 2))));
      Awaitility.await("the operator acted on the last change")
          .atMost(SOON)
          .until(() -> iris.allowedDisruptions() == 2);

      ModelServerState after = iris.awaitObserved();
      assertThat(after.condition("Ready").map(ModelServerState.Condition::reason))
          .contains("RolledBack");
      assertThat(iris.deployedRevision()).as("revision of the Deployment").isEqualTo(good);
      assertThat(host.requests(PATH)).as("downloads of the bad model").isEqualTo(fetches);
      Evidence.record("retry.md", "After a rollback, a scale and a label edit", after.toString());

      iris.annotate("modelserver.dev/retry", "first");
      Awaitility.await("the bad model is fetched again")
          .atMost(SOON)
          .until(() -> host.requests(PATH) > fetches);
      iris.await(
          "rolled back again",
          ModelServerClient.ROLLOUT,
          state -> state.is("RolledBack") && state.is("Stalled"));

      host.serve(PATH, IrisModel.V1_1.bytes());
      iris.annotate("modelserver.dev/retry", "second");
      ModelServerState ready = iris.awaitReady();
      assertThat(ready.status("/model/sha256")).isEqualTo(IrisModel.V1_1.sha256());
      assertThat(ready.condition("RolledBack")).isEmpty();
      assertThat(iris.deployedRevision()).isNotEqualTo(good);
    }
  }
}
