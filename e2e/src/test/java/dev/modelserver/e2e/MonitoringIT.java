package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.SelfSigned;
import dev.modelserver.e2e.model.SlowModel;
import dev.modelserver.e2e.monitoring.Prometheus.Rule;
import dev.modelserver.e2e.monitoring.Prometheus.Target;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Every alert that the operator writes fires for real, by its cause, and arrives at Alertmanager;
 * those that end soon after their cause are seen to end.
 *
 * <p>{@code for} is a few seconds here, and two thresholds are such that a healthy pod is beyond
 * them: the memory of a pod, and the days that a certificate is valid. The alerts about an error
 * budget look at windows of up to three days. They need not be waited for: an average over a window
 * is one over what there is of it, and of these ModelServers there are some minutes, all bad.
 */
@ClusterTest
@Tag("monitoring")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringIT {
  private static final List<String> WINDOWS = List.of("1h", "6h", "1d", "3d");

  private static TestNamespace namespace;
  private static AccessSecrets secrets;
  private static Alarms alarms;

  private static ModelServerClient steady;
  private static ModelServerClient waiting;
  private static ModelServerClient slow;
  private static ModelServerClient growing;
  private static ModelServerClient secured;

  @BeforeAll
  static void createModelServers() {
    OperatorInstall.get().installMonitored();
    namespace = TestNamespace.create(Cluster.get(), "monitoring");
    alarms = Alarms.fromEnvironment();
    secrets = new AccessSecrets(namespace);
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    SlowModel.put(namespace);
    secrets.put(SelfSigned.of("DNS:secured.%s.svc".formatted(namespace.name())));
    secrets.putTokens("a-token-of-the-web-client");
    steady = create("steady", MonitoredSpec.steady());
    waiting = create("waiting", MonitoredSpec.unschedulable());
    slow = create("slow", MonitoredSpec.slow());
    growing = create("growing", MonitoredSpec.growing());
    secured = create("secured", MonitoredSpec.secured());
    List.of(steady, slow, growing, secured).forEach(ModelServerClient::awaitReady);
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
    OperatorInstall.get().install();
    Evidence.record("alerts.md", "Alerts that arrived at Alertmanager", alarms.account());
  }

  @Test
  @Order(1)
  void withoutAPodItIsNotReady() {
    alarms.awaitFiring(waiting, "ModelServerNotReady");
    alarms.awaitFiring(waiting, "ModelServerNoPods");

    waiting.replaceSpec(MonitoredSpec.schedulable());
    waiting.awaitReady();

    alarms.awaitResolved(waiting, "ModelServerNotReady");
    alarms.awaitResolved(waiting, "ModelServerNoPods");
  }

  @Test
  @Order(2)
  void podsAreTargetsFromTheirFirstToTheirLast() {
    for (int pods : List.of(1, 2, 1)) {
      steady.scale(pods);
      steady.awaitReadyPods(pods);
      Awaitility.await(pods + " targets that are up")
          .atMost(Alarms.LIMIT)
          .untilAsserted(
              () ->
                  assertThat(alarms.prometheus().targets(namespace.name(), steady.name()))
                      .containsExactlyInAnyOrderElementsOf(
                          steady.pods().stream()
                              .map(pod -> new Target(pod.getMetadata().getName(), "up"))
                              .toList()));
    }
  }

  @Test
  @Order(3)
  void aPodNearItsMemoryLimit() {
    alarms.awaitFiring(steady, "ModelServerMemoryNearLimit");

    steady.merge(MonitoredSpec.alert("memoryNearLimit", Map.of("percent", 100)));

    alarms.awaitResolved(steady, "ModelServerMemoryNearLimit");
  }

  @Test
  @Order(4)
  void aBadModelIsRolledBack() {
    Map<String, Object> bad = MonitoredSpec.steady();
    BadModel.model(bad).put("sha256", "0".repeat(64));
    steady.replaceSpec(bad);
    alarms.awaitFiring(steady, "ModelServerRolledBack");

    steady.replaceSpec(MonitoredSpec.steady());
    steady.awaitReady();

    alarms.awaitResolved(steady, "ModelServerRolledBack");
  }

  @Test
  @Order(5)
  void tooMuchTrafficForASlowModel() {
    try (OpenLoopLoad load = SlowModel.load(slow, 10)) {
      alarms.awaitFiring(slow, "ModelServerQueueFull");
      alarms.awaitFiring(slow, "ModelServerErrorRate");
      alarms.awaitFiring(slow, "ModelServerLatency");
      for (String window : WINDOWS) {
        alarms.awaitFiring(slow, "ModelServerAvailabilityBudget", Map.of("window", window));
        alarms.awaitFiring(slow, "ModelServerLatencyBudget", Map.of("window", window));
      }
      alarms.assertRulesHaveData(slow);

      LoadResult result = load.stop();
      alarms.tell("slow: " + result.sent() + " calls, " + result.failures().size() + " failed");
      assertThat(result.succeeded()).as("slow answers").isPositive();
      assertThat(result.failures())
          .as("refused by a full queue")
          .isNotEmpty()
          .allSatisfy(failure -> assertThat(failure.text()).contains("503"));
    }
    alarms.awaitResolved(slow, "ModelServerQueueFull");
  }

  @Test
  @Order(6)
  void anAutoscalerNearItsMost() {
    try (OpenLoopLoad load = IrisModel.load(growing.predict(), 50)) {
      alarms.awaitFiring(growing, "ModelServerNearMaxReplicas");
      assertThat(load.stop().failures()).isEmpty();
    }
  }

  @Test
  @Order(7)
  void aCertificateThatExpires() {
    alarms.awaitFiring(secured, "ModelServerCertificateExpires");

    secured.merge(MonitoredSpec.alert("certificateExpires", Map.of("days", 30)));

    alarms.awaitResolved(secured, "ModelServerCertificateExpires");
  }

  @Test
  @Order(8)
  void aChangedSecretThatCannotBeUsed() {
    secrets.putTokens("with a blank");
    alarms.awaitFiring(secured, "ModelServerSecretReloadFailed");

    secrets.putTokens("another-token-of-the-web-client");

    alarms.awaitResolved(secured, "ModelServerSecretReloadFailed");
  }

  @Test
  @Order(9)
  void noAlertIsLeftOut() {
    List<Rule> rules = alarms.prometheus().rules(Map.of("namespace", namespace.name()));

    assertThat(rules).allSatisfy(rule -> assertThat(rule.health()).isEqualTo("ok"));
    assertThat(alarms.fired())
        .as("alerts that fired")
        .containsExactlyInAnyOrderElementsOf(
            rules.stream().filter(Rule::alerts).map(Rule::name).collect(Collectors.toSet()));
  }

  private static ModelServerClient create(String name, Map<String, Object> spec) {
    ModelServerClient server = namespace.modelServer(name);
    server.create(spec);
    return server;
  }
}
