package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A Service of type LoadBalancer on a cluster that gives it an address: reached from outside, also
 * during a rollout; and its type changed while calls arrive.
 */
@ClusterTest
@Tag("loadbalancer")
class LoadBalancerIT {
  private static final int REPLICAS = 2;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final StringBuilder ACCOUNT = new StringBuilder();

  private static TestNamespace namespace;
  private static ModelServerClient iris;

  private final int perSecond = Cluster.get().settings().perSecond() / 2;

  @BeforeAll
  static void createModelServer() {
    namespace = TestNamespace.create(Cluster.get(), "loadbalancer");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    namespace.putModel(IrisModel.V1_1.configMap(), IrisModel.V1_1.bytes());
    iris = namespace.modelServer("iris");
    iris.create(spec(IrisModel.V1_0));
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
    Evidence.record(
        "loadbalancer.md", "Calls to the address of a load balancer", ACCOUNT.toString());
  }

  @BeforeEach
  void serveTheFirstVersion() {
    iris.replaceSpec(spec(IrisModel.V1_0));
    iris.awaitReady();
    iris.awaitReadyPods(REPLICAS);
  }

  @Test
  void theAddressAnswersAndTheStatusIsTrue() {
    URI outside = awaitAddress();
    count("first calls", load(outside), perSecond);

    ModelServerState state = iris.state();
    String inside = "http://%s.%s.svc".formatted(iris.name(), iris.namespace());
    assertThat(state.status("/url")).isEqualTo(inside);
    try (CallerPod caller = CallerPod.start(namespace, Map.of())) {
      assertThat(caller.get(iris, "/health")).as("GET %s/health in a pod", inside).isEqualTo("200");
    }
    // The status need not tell the address, which is the Service's; a false one it must not tell.
    List<String> told =
        StreamSupport.stream(state.json().at("/status/urls/external").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    assertThat(told).allSatisfy(url -> assertThat(outside).hasHost(URI.create(url).getHost()));
    ACCOUNT.append("address %s, status.url %s, status.urls %s%n".formatted(outside, inside, told));
  }

  @Test
  void aRolloutCostsNoCallFromOutside() {
    OpenLoopLoad load = load(awaitAddress());
    load.awaitMore(5 * perSecond);

    iris.replaceSpec(spec(IrisModel.V1_1));
    iris.awaitReady();

    LoadResult result = count("through the address, during a rollout", load, 15 * perSecond);
    assertThat(result.byDigest().keySet())
        .containsExactlyInAnyOrder(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
  }

  @Test
  void anotherTypeChangesNoPodAndCostsNoCallWithinTheCluster() {
    URI outside = awaitAddress();
    String clusterIp = service().getSpec().getClusterIP();
    List<String> pods = uids();
    OpenLoopLoad load = load(iris.predict());
    load.awaitMore(2 * perSecond);

    iris.merge(service("ClusterIP"));
    iris.awaitObserved();
    Awaitility.await("the Service has type ClusterIP and no address")
        .atMost(SOON)
        .until(() -> service().getSpec().getType().equals("ClusterIP") && address().isEmpty());
    load.awaitMore(5 * perSecond);
    iris.merge(service("LoadBalancer"));
    iris.awaitReady();
    URI again = awaitAddress();

    count("to the cluster IP, type ClusterIP and back", load, 5 * perSecond);
    count("through the address after that", load(again), perSecond);
    assertThat(service().getSpec().getClusterIP()).isEqualTo(clusterIp);
    assertThat(uids()).as("pods").isEqualTo(pods);
    ACCOUNT.append("address before %s, after %s%n".formatted(outside, again));
  }

  private static Map<String, Object> spec(IrisModel model) {
    Map<String, Object> spec = model.spec(REPLICAS);
    spec.put("service", Map.of("type", "LoadBalancer"));
    return spec;
  }

  private static Map<String, Object> service(String type) {
    return Map.of("spec", Map.of("service", Map.of("type", type)));
  }

  private OpenLoopLoad load(URI predict) {
    return IrisModel.load(predict, perSecond);
  }

  private static LoadResult count(String what, OpenLoopLoad load, int more) {
    load.awaitMore(more);
    LoadResult result = load.stop();
    ACCOUNT.append(what).append(": ").append(result).append('\n');
    assertThat(result.failures()).as(what + " " + result).isEmpty();
    return result;
  }

  /** {@code /predict} at the address that the load balancer gives the Service. */
  private static URI awaitAddress() {
    String host =
        Awaitility.await("a load balancer gives the Service an address")
            .atMost(SOON)
            .until(LoadBalancerIT::address, Optional::isPresent)
            .orElseThrow();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + "/predict");
  }

  private static Optional<String> address() {
    return Optional.ofNullable(service().getStatus().getLoadBalancer()).stream()
        .flatMap(balancer -> balancer.getIngress().stream())
        .map(LoadBalancerIT::host)
        .findFirst();
  }

  private static String host(LoadBalancerIngress entry) {
    return entry.getIp() == null ? entry.getHostname() : entry.getIp();
  }

  private static Service service() {
    return Cluster.get()
        .client()
        .services()
        .inNamespace(namespace.name())
        .withName(iris.name())
        .require();
  }

  private static List<String> uids() {
    return iris.pods().stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }
}
