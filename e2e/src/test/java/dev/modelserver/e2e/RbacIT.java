package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.AuditLog;
import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The writes of the operator over all end-to-end tests, by the audit log, are those that its roles
 * grant. It runs last, and is true only of a whole run. (Reads are in few audit logs: RbacIT of the
 * operator compares them too.)
 */
@ClusterTest
@Order(Integer.MAX_VALUE)
@EnabledIfEnvironmentVariable(
    named = "E2E_AUDIT_LOG",
    matches = ".+",
    disabledReason = "E2E_AUDIT_LOG names no audit log")
class RbacIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /**
   * Rights that no request needs, but the admission plugin OwnerReferencesPermissionEnforcement,
   * which few clusters have, and the framework (leases); RbacIT of the operator shows it.
   */
  private static final Set<String> WITHOUT_A_REQUEST =
      Set.of(
          "update modelserver.dev/modelservers/finalizers",
          "delete apps/deployments",
          "delete /services",
          "delete /serviceaccounts",
          "update coordination.k8s.io/leases");

  /** A BackendTLSPolicy needs pods with a certificate; RbacIT of the operator makes one. */
  private static final Set<String> OF_PODS_WITH_TLS =
      Set.of(
          "create gateway.networking.k8s.io/backendtlspolicies",
          "patch gateway.networking.k8s.io/backendtlspolicies",
          "delete gateway.networking.k8s.io/backendtlspolicies");

  private record Difference(Set<String> grantedAndUnused, Set<String> usedAndNotGranted) {}

  private final KubernetesClient client = Cluster.get().client();
  private final OperatorInstall operator = OperatorInstall.get();

  @Test
  void theWritesUsedAreTheWritesGranted() {
    pruneMonitorAndExpose();
    Path log = Cluster.get().settings().auditLog().orElseThrow();

    Set<String> granted =
        OperatorRules.of(client, operator).stream()
            .flatMap(RbacIT::rights)
            .filter(RbacIT::writes)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> used =
        new AuditLog(log)
            .rights(operator.user(), operator.began()).stream()
                .filter(RbacIT::writes)
                .collect(Collectors.toCollection(TreeSet::new));

    Evidence.record(
        "rbac.md",
        "Writes granted to the operator and writes it used",
        "granted %d: %s%nused    %d: %s%nneeded without a request: %s%n"
            .formatted(granted.size(), granted, used.size(), used, WITHOUT_A_REQUEST));
    assertThat(granted).noneMatch(right -> right.contains("secrets"));
    used.addAll(WITHOUT_A_REQUEST);
    used.addAll(OF_PODS_WITH_TLS);
    assertThat(new Difference(without(granted, used), without(used, granted)))
        .isEqualTo(new Difference(Set.of(), Set.of()));
  }

  private static Stream<String> rights(PolicyRule rule) {
    return rule.getApiGroups().stream()
        .flatMap(group -> rule.getResources().stream().map(resource -> group + "/" + resource))
        .flatMap(resource -> rule.getVerbs().stream().map(verb -> verb + " " + resource));
  }

  private static boolean writes(String right) {
    return AuditLog.WRITES.contains(right.substring(0, right.indexOf(' ')));
  }

  private static Set<String> without(Set<String> these, Set<String> those) {
    Set<String> rest = new TreeSet<>(these);
    rest.removeAll(those);
    return rest;
  }

  /**
   * What the other tests leave out: revisions beyond the limit, a ServiceMonitor, alerts, an
   * Ingress, routes and a NetworkPolicy.
   */
  private void pruneMonitorAndExpose() {
    List<CustomResourceDefinition> missing =
        Stream.of(
                definition("monitoring.coreos.com", "ServiceMonitor"),
                definition("monitoring.coreos.com", "PrometheusRule"),
                definition("gateway.networking.k8s.io", "HTTPRoute"),
                definition("gateway.networking.k8s.io", "GRPCRoute"))
            .filter(definition -> client.resource(definition).get() == null)
            .toList();
    missing.forEach(definition -> client.resource(definition).create());
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "rbac")) {
      Awaitility.await("the optional kinds are served")
          .atMost(SOON)
          .until(
              () ->
                  client.supports("monitoring.coreos.com/v1", "ServiceMonitor")
                      && client.supports("monitoring.coreos.com/v1", "PrometheusRule")
                      && client.supports("gateway.networking.k8s.io/v1", "HTTPRoute")
                      && client.supports("gateway.networking.k8s.io/v1", "GRPCRoute"));
      namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
      ModelServerClient iris = namespace.modelServer("iris");
      Map<String, Object> spec = IrisModel.V1_0.spec(1);
      spec.put("rollout", Map.of("revisionHistoryLimit", 1));
      spec.put("monitoring", Map.of("serviceMonitor", Map.of(), "alerts", Map.of()));
      spec.put("ingress", Map.of("hosts", List.of("rbac.example.com")));
      spec.put(
          "gateway",
          Map.of(
              "parentRefs", List.of(Map.of("name", "none")),
              "hostnames", List.of("rbac.example.com"),
              "grpc", Map.of("hostnames", List.of("rbac-grpc.example.com"))));
      spec.put("networkPolicy", Map.of());
      iris.create(spec);
      iris.awaitReady();
      iris.await("monitored", SOON, state -> state.is("Monitoring"));
      iris.await("routes are made", SOON, state -> state.isExposed("NoController"));
      for (int i = 0; i < 3; i++) {
        String before = iris.state().status("/currentRevision");
        iris.annotate("modelserver.dev/restart", "rbac-" + i);
        iris.await(
            "another revision",
            SOON,
            state -> state.isReady() && !state.status("/currentRevision").equals(before));
      }
      List.of("monitoring", "ingress", "gateway", "networkPolicy").forEach(spec::remove);
      spec.put("disruption", Map.of("enabled", false));
      iris.replaceSpec(spec);
      iris.await("not monitored", SOON, state -> !state.is("Monitoring"));
      Awaitility.await("old revisions are gone")
          .atMost(SOON)
          .until(() -> revisions(namespace) <= 2);
      Awaitility.await("the disruption budget is gone")
          .atMost(SOON)
          .until(() -> !hasBudget(namespace));
      Awaitility.await("the network policy is gone")
          .atMost(SOON)
          .until(() -> !hasPolicy(namespace));
    } finally {
      missing.forEach(definition -> client.resource(definition).delete());
    }
  }

  private boolean hasBudget(TestNamespace namespace) {
    return !client
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .isEmpty();
  }

  private boolean hasPolicy(TestNamespace namespace) {
    return !client
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .isEmpty();
  }

  private int revisions(TestNamespace namespace) {
    return client
        .apps()
        .controllerRevisions()
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .size();
  }

  /** As much of somebody's definition as the API server asks for. */
  private CustomResourceDefinition definition(String group, String kind) {
    return client
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: %2$ss.%1$s
              annotations: {api-approved.kubernetes.io: "unapproved, for a test"}
            spec:
              group: %1$s
              scope: Namespaced
              names: {kind: %3$s, plural: %2$ss, singular: %2$s}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """
                .formatted(group, kind.toLowerCase(Locale.ROOT), kind),
            CustomResourceDefinition.class);
  }
}
