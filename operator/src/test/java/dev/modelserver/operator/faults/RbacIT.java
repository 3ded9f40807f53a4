package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The chart grants the operator the rights that it needs, and no other: those that an API server
 * with RBAC was asked for, by requests and by admission, in a life with everything in it.
 */
class RbacIT {
  private static final String NAMESPACE = "rights";
  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "MODELSERVER_RESYNC", "5s",
          "MODELSERVER_LEADER_ELECTION", "true",
          "POD_NAME", "operator-0",
          "POD_NAMESPACE", NAMESPACE);

  /**
   * The framework refuses to elect a leader without it (it reads its own rules), and then patches
   * the Lease.
   */
  private static final Access NEVER_ASKED = new Access("update", "coordination.k8s.io/leases");

  private record Difference(Set<Access> grantedAndUnused, Set<Access> usedAndNotGranted) {}

  @Test
  void theRightsUsedAreTheRightsGranted() {
    Set<Access> granted = ChartRules.read().accesses();
    try (AuthorizationRecorder recorder = AuthorizationRecorder.start();
        ControlPlane plane = ControlPlane.start(recorder);
        SimulatedNode _ = SimulatedNode.start(plane.client());
        FaultProxy proxy = FaultProxy.start(plane)) {
      Throwable failure = catchThrowable(() -> live(plane.client(), proxy));

      Set<Access> used = recorder.asked();
      System.out.printf(
          "%nrights granted: %d, used: %d%n%s%n", granted.size(), used.size(), table(used));
      used.add(NEVER_ASKED);
      assertThat(new Difference(without(granted, used), without(used, granted)))
          .as("rights (the life ended with: %s)", failure)
          .isEqualTo(new Difference(Set.of(), Set.of()));
      assertThat(granted).noneMatch(right -> right.resource().contains("secrets"));
      assertThat(failure).isNull();
    }
  }

  private static void live(KubernetesClient client, FaultProxy proxy) {
    // Before the operator: it looks for a kind that was not there only now and then.
    for (String file : List.of("servicemonitors.yaml", "prometheusrules.yaml", "routes.yaml")) {
      client.load(RbacIT.class.getResourceAsStream(file)).serverSideApply();
    }
    Await.until(
        "the optional kinds are served",
        Duration.ofSeconds(30),
        () ->
            client.supports("monitoring.coreos.com/v1", "ServiceMonitor")
                && client.supports("monitoring.coreos.com/v1", "PrometheusRule")
                && client.supports("gateway.networking.k8s.io/v1", "HTTPRoute")
                && client.supports("gateway.networking.k8s.io/v1", "GRPCRoute")
                && client.supports("gateway.networking.k8s.io/v1", "BackendTLSPolicy"));
    Stage stage = Stage.create(client, NAMESPACE);
    OperatorProcess.Archive archive = OperatorProcess.Archive.make(proxy.url());
    try (OperatorProcess operator =
        OperatorProcess.start(proxy.url(), NAMESPACE, CONFIGURATION, archive)) {
      operator.awaitStarted();
      new FullLife(stage, proxy, operator).live();
    }
  }

  private static Set<Access> without(Set<Access> these, Set<Access> those) {
    Set<Access> rest = new TreeSet<>(these);
    rest.removeAll(those);
    return rest;
  }

  private static String table(Set<Access> rights) {
    return rights.stream()
        .collect(
            Collectors.groupingBy(
                Access::resource,
                TreeMap::new,
                Collectors.mapping(Access::verb, Collectors.joining(" "))))
        .entrySet()
        .stream()
        .map(entry -> "  %-48s %s".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
