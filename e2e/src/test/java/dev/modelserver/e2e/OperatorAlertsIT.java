package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.monitoring.Prometheus.Rule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The alerts about the operator, which the chart makes, at their own times: one that its writes are
 * refused (15 minutes), one that it is away (5 minutes).
 *
 * <p>Two are not fired: {@code ModelServerOperatorStale} takes 20 minutes, and {@code
 * ModelServerOperatorInformersStopped} an informer that ends, which nothing from outside brings
 * about. Their expressions are evaluated without the bound, and return the series that would cross
 * it.
 */
@ClusterTest
@Tag("monitoring")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorAlertsIT {
  private static final String GROUP = "modelserver-operator";
  private static final String ROLE = "modelserver-system:modelserver-operator";
  private static final String AUTOSCALERS = "horizontalpodautoscalers";
  private static final Duration SCRAPED = Duration.ofMinutes(3);
  private static final Duration REFUSED = Duration.ofMinutes(20);
  private static final Duration AWAY = Duration.ofMinutes(10);

  private static TestNamespace namespace;
  private static Alarms alarms;

  private final KubernetesClient client = Cluster.get().client();

  @BeforeAll
  static void monitorTheOperator() {
    OperatorInstall.get().installMonitored();
    alarms = Alarms.fromEnvironment();
    namespace = TestNamespace.create(Cluster.get(), "operator-alerts");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
  }

  @AfterAll
  static void putTheOperatorBack() {
    namespace.close();
    // Its replicas and its rights too.
    OperatorInstall.get().install();
    Evidence.record("operator-alerts.md", "Alerts about the operator", alarms.account());
  }

  @Test
  @Order(1)
  void everyExpressionHasSeries() {
    namespace.modelServer("known").create(IrisModel.V1_0.spec(0));
    Awaitility.await("the rules about the operator")
        .atMost(SCRAPED)
        .until(() -> alarms.prometheus().group(GROUP), rules -> rules.size() == 4);
    for (String metric :
        List.of("modelserver_informers_stopped", "modelserver_last_reconcile_timestamp_seconds")) {
      Rule rule =
          alarms.prometheus().group(GROUP).stream()
              .filter(each -> each.query().contains(metric) && each.query().contains(" > "))
              .findFirst()
              .orElseThrow();
      String unbounded = rule.query().substring(0, rule.query().lastIndexOf(" > "));
      Awaitility.await(rule.name() + ": " + unbounded)
          .atMost(SCRAPED)
          .until(() -> alarms.prometheus().answers(unbounded));
      alarms.tell(
          "%s: %s = %s".formatted(rule.name(), unbounded, alarms.prometheus().query(unbounded)));
    }
  }

  @Test
  @Order(2)
  void aRightThatTheOperatorLacks() {
    takeTheRightToWriteAutoscalers();
    Map<String, Object> autoscaled = IrisModel.V1_0.spec(0);
    autoscaled.put("autoscaling", Map.of("minReplicas", 1, "maxReplicas", 2));
    namespace.modelServer("autoscaled").create(autoscaled);

    alarms.awaitFiring("ModelServerOperatorRefused", Map.of("reason", "Forbidden"), REFUSED);
  }

  @Test
  @Order(3)
  void noOperator() {
    scaleOperator(0);
    alarms.awaitFiring("ModelServerOperatorDown", Map.of(), AWAY);

    scaleOperator(1);

    alarms.awaitResolved("ModelServerOperatorDown", Map.of(), AWAY);
    assertThat(alarms.fired()).contains("ModelServerOperatorDown");
  }

  private void takeTheRightToWriteAutoscalers() {
    client
        .rbac()
        .clusterRoles()
        .withName(ROLE)
        .edit(
            role -> {
              List<PolicyRule> rules =
                  role.getRules().stream()
                      .filter(rule -> rule.getResources().contains(AUTOSCALERS))
                      .toList();
              assertThat(rules).as("rules about " + AUTOSCALERS).isNotEmpty();
              rules.forEach(rule -> rule.setVerbs(List.of("get", "list", "watch")));
              return role;
            });
  }

  private void scaleOperator(int replicas) {
    client
        .apps()
        .deployments()
        .inNamespace(OperatorInstall.NAMESPACE)
        .withName(OperatorInstall.get().deployment().getMetadata().getName())
        .scale(replicas);
  }
}
