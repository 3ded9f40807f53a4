package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@code spec.networkPolicy} lets through and what it does not, on a cluster whose network
 * plugin enforces NetworkPolicies.
 */
@ClusterTest
@Tag("networkpolicy")
class NetworkPolicyIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Map<String, String> CLIENT = Map.of("role", "client");
  private static final Map<String, String> PROMETHEUS =
      Map.of("app.kubernetes.io/name", "prometheus");
  private static final String ANSWERED = "200";

  private final Cluster cluster = Cluster.get();

  @Test
  void onlyWhoIsAllowedCallsAndProbesAndScrapingGoOn() {
    try (TestNamespace here = TestNamespace.create(cluster, "network");
        TestNamespace elsewhere = TestNamespace.create(cluster, "network-other")) {
      ModelServerClient iris = serve(here, policy("from", selecting(CLIENT)));
      ModelServerClient open = serve(elsewhere, Map.of());
      try (CallerPod client = CallerPod.start(here, CLIENT);
          CallerPod stranger = CallerPod.start(here, Map.of());
          CallerPod namesake = CallerPod.start(elsewhere, CLIENT);
          CallerPod prometheus = CallerPod.start(elsewhere, PROMETHEUS)) {
        Map<String, String> seen = new LinkedHashMap<>();
        seen.put("allowed pod", client.get(iris, "/health"));
        seen.put("pod without the label", stranger.get(iris, "/health"));
        seen.put("pod with the label in another namespace", namesake.get(iris, "/health"));
        seen.put("Prometheus in another namespace", prometheus.get(iris, "/metrics"));
        seen.put("a ModelServer without a policy", stranger.get(open, "/health"));
        Evidence.record("network.md", "Calls of a ModelServer with spec.networkPolicy", "" + seen);

        assertThat(seen.values())
            .as("%s (does the cluster enforce NetworkPolicies?)", seen)
            .containsExactly(ANSWERED, CallerPod.NOTHING, CallerPod.NOTHING, ANSWERED, ANSWERED);
      }

      // A pod that starts under the policy is probed from its first second.
      Pod old = iris.pods().getFirst();
      cluster.client().resource(old).delete();
      iris.await(
          "another pod is ready",
          SOON,
          state ->
              state.isReady()
                  && iris.pods().stream()
                      .noneMatch(
                          pod -> pod.getMetadata().getUid().equals(old.getMetadata().getUid())));
      assertThat(iris.awaitReadyPods(1).getFirst().getStatus().getContainerStatuses())
          .allMatch(status -> status.getRestartCount() == 0);
    }
  }

  @Test
  void thePodsReachDnsAndWhatIsNamed() {
    try (TestNamespace here = TestNamespace.create(cluster, "network");
        TestNamespace elsewhere = TestNamespace.create(cluster, "network-other")) {
      ModelServerClient iris = serve(here, policy("from", selecting(CLIENT)));
      ModelServerClient open = serve(elsewhere, Map.of());

      assertThat(
              fromPod(
                  iris,
                  "getent hosts %s.%s.svc >/dev/null".formatted(open.name(), open.namespace())))
          .as("DNS")
          .isTrue();
      assertThat(fromPod(iris, connect(open))).as("a pod that is not named").isFalse();

      iris.merge(
          Map.of(
              "spec",
              policy(
                  "to",
                  Map.of(
                      "namespaceSelector",
                      Map.of(
                          "matchLabels",
                          Map.of("kubernetes.io/metadata.name", elsewhere.name()))))));
      Awaitility.await("the pod that is named now is reached")
          .atMost(SOON)
          .until(() -> fromPod(iris, connect(open)));
    }
  }

  private ModelServerClient serve(TestNamespace namespace, Map<String, Object> fields) {
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    ModelServerClient iris = namespace.modelServer("iris");
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    spec.put("monitoring", Map.of("serviceMonitor", Map.of()));
    spec.putAll(fields);
    iris.create(spec);
    iris.awaitReady();
    return iris;
  }

  private static Map<String, Object> policy(String field, Map<String, Object> peer) {
    return Map.of("networkPolicy", Map.of(field, List.of(peer)));
  }

  private static Map<String, Object> selecting(Map<String, String> labels) {
    return Map.of("podSelector", Map.of("matchLabels", labels));
  }

  private static String connect(ModelServerClient server) {
    return "exec 3<>/dev/tcp/%s.%s.svc/80".formatted(server.name(), server.namespace());
  }

  /** Whether a command of bash succeeds in the server's container within five seconds. */
  private boolean fromPod(ModelServerClient server, String command) {
    return cluster
        .execute(
            server.awaitReadyPods(1).getFirst(),
            "timeout 5 bash -c '%s' 2>/dev/null && echo yes || echo no".formatted(command))
        .endsWith("yes");
  }
}
