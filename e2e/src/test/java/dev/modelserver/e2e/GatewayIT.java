package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.EdgeSettings;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.GrpcProbe;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.load.TlsProbe;
import dev.modelserver.e2e.load.TlsTarget;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From outside, by host name, through a real Ingress controller and a real Gateway: HTTP, HTTPS and
 * gRPC, before and during a rollout; and what Exposed says where it does not work.
 */
@ClusterTest
@Tag("gateway")
class GatewayIT {
  private static final int REPLICAS = 2;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final StringBuilder ACCOUNT = new StringBuilder();

  private static EdgeSettings edge;
  private static TestNamespace namespace;
  private static ModelServerClient iris;

  // Two loads at once, and each call passes a proxy on the same machine.
  private final int perSecond = Cluster.get().settings().perSecond() / 4;

  @BeforeAll
  static void createModelServer() {
    edge =
        Cluster.get()
            .settings()
            .gateway()
            .orElseThrow(() -> new IllegalStateException("E2E_EDGE_ADDRESS is not set"));
    namespace = TestNamespace.create(Cluster.get(), "gateway");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    namespace.putModel(IrisModel.V1_1.configMap(), IrisModel.V1_1.bytes());
    iris = namespace.modelServer("iris");
    iris.create(spec(IrisModel.V1_0));
    iris.awaitReady();
    iris.await("Exposed", SOON, state -> state.is("Exposed"));
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
    Evidence.record("gateway.md", "Calls from outside during a rollout", ACCOUNT.toString());
  }

  @Test
  void aRolloutCostsNoCallFromOutside() throws Exception {
    iris.replaceSpec(spec(IrisModel.V1_0));
    iris.awaitReady();
    try (GrpcProbe grpc = GrpcProbe.start(edge, host("grpc"), perSecond / 10);
        TlsProbe tls =
            TlsProbe.start(TlsTarget.of(edge, host("route")), IrisModel.PROBE, perSecond / 10)) {
      OpenLoopLoad ingress = load("ingress");
      OpenLoopLoad route = load("route");
      ingress.awaitMore(10 * perSecond);

      iris.replaceSpec(spec(IrisModel.V1_1));
      iris.awaitReady();
      ingress.awaitMore(20 * perSecond);

      count("Ingress, HTTP", ingress.stop());
      count("HTTPRoute, HTTP", route.stop());
      ACCOUNT.append("HTTPRoute, HTTPS: ").append(tls.stop()).append('\n');
      ACCOUNT.append("GRPCRoute, TLS: ").append(grpc.stop()).append('\n');
      assertThat(tls.failures()).isEmpty();
      assertThat(tls.digests()).contains(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
      assertThat(grpc.failures()).isEmpty();
      assertThat(grpc.sent()).isGreaterThan(20 * perSecond / 10);
    }
  }

  @Test
  void theAddressesAreTold() {
    ModelServerState state = iris.state();

    assertThat(state.status("/urls/external/0")).isEqualTo("http://" + host("ingress"));
    assertThat(state.status("/urls/external/1")).isEqualTo("//" + host("route"));
    assertThat(state.status("/urls/grpc/0")).isEqualTo(host("grpc"));
    ACCOUNT.append(state.condition("Exposed").orElseThrow().message()).append('\n');
  }

  @Test
  void whatDoesNotWorkIsSaidAndTouchesNoPod() {
    List<String> pods = names(iris.pods());
    says("NoController", Map.of("namespace", "nowhere", "name", "none"), host("bad"));
    says("RouteNotAccepted", with(edge.parent(), "sectionName", "none"), host("bad"));
    says("RouteNotAccepted", with(edge.parent(), "sectionName", "https"), "bad.other.test");
    assertThat(names(iris.pods())).isEqualTo(pods);
    iris.replaceSpec(spec(IrisModel.V1_0));
    iris.await("Exposed", SOON, state -> state.is("Exposed"));
  }

  @Test
  void aHostOfAnotherModelServerIsNotTakenOver() {
    ModelServerClient other = namespace.modelServer("other");
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    spec.put("ingress", ingress("ingress"));
    other.create(spec);

    other.await("HostConflict", SOON, state -> state.isExposed("HostConflict"));
    other.awaitReady();
    other.delete();
  }

  /** The digest of an answer says whose it is. */
  @Test
  void twoModelsShareAHostByAPrefixEach() {
    share("first", IrisModel.V1_0);
    share("second", IrisModel.V1_1);

    for (Map.Entry<String, IrisModel> one :
        Map.of("first", IrisModel.V1_0, "second", IrisModel.V1_1).entrySet()) {
      OpenLoopLoad load = load("shared", "/" + one.getKey());
      load.awaitMore(2 * perSecond);
      LoadResult result = load.stop();

      ACCOUNT.append("/").append(one.getKey()).append(" of a shared host: ").append(result);
      ACCOUNT.append('\n');
      assertThat(result.failures()).isEmpty();
      assertThat(result.byDigest().keySet()).containsExactly(one.getValue().digest());
      namespace.modelServer(one.getKey()).delete();
    }
  }

  private static void share(String name, IrisModel model) {
    ModelServerClient client = namespace.modelServer(name);
    Map<String, Object> spec = model.spec(1);
    spec.put("server", Map.of("pathPrefix", "/" + name));
    spec.put("ingress", ingress("shared"));
    client.create(spec);
    client.awaitReady();
    ModelServerState state = client.await("Exposed", SOON, now -> now.is("Exposed"));

    assertThat(state.status("/urls/external/0")).isEqualTo("http://" + host("shared") + "/" + name);
  }

  private static void says(String reason, Map<String, Object> parent, String hostname) {
    Map<String, Object> spec = IrisModel.V1_0.spec(REPLICAS);
    spec.put("gateway", Map.of("parentRefs", List.of(parent), "hostnames", List.of(hostname)));
    iris.replaceSpec(spec);
    ModelServerState state = iris.await(reason, SOON, now -> now.isExposed(reason));
    ACCOUNT.append(state.condition("Exposed").orElseThrow().message()).append('\n');
    assertThat(state.isReady()).isTrue();
  }

  private static Map<String, Object> spec(IrisModel model) {
    Map<String, Object> spec = model.spec(REPLICAS);
    spec.put("ingress", ingress("ingress"));
    spec.put(
        "gateway",
        Map.of(
            "parentRefs",
            List.of(edge.parent()),
            "hostnames",
            List.of(host("route")),
            "grpc",
            Map.of("hostnames", List.of(host("grpc")))));
    return spec;
  }

  private static Map<String, Object> ingress(String host) {
    return Map.of("className", edge.ingressClass(), "hosts", List.of(host(host)));
  }

  private static String host(String name) {
    return namespace.name() + "-" + name + "." + edge.domain();
  }

  private OpenLoopLoad load(String host) {
    return load(host, "");
  }

  private OpenLoopLoad load(String host, String prefix) {
    URI predict = URI.create("http://%s%s/predict".formatted(host(host), prefix));
    Awaitility.await(predict + " answers")
        .atMost(SOON)
        .until(
            () -> {
              OpenLoopLoad first = IrisModel.load(predict, edge.plain(), 1);
              first.awaitMore(1);
              return first.stop().failures().isEmpty();
            });
    return IrisModel.load(predict, edge.plain(), perSecond);
  }

  private static void count(String way, LoadResult result) {
    ACCOUNT.append(way).append(": ").append(result).append('\n');
    assertThat(result.failures()).as(way + " " + result).isEmpty();
    assertThat(result.byDigest().keySet())
        .containsExactlyInAnyOrder(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
  }

  private static List<String> names(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getName()).sorted().toList();
  }

  private static Map<String, Object> with(Map<String, Object> all, String key, Object value) {
    Map<String, Object> more = new HashMap<>(all);
    more.put(key, value);
    return more;
  }
}
