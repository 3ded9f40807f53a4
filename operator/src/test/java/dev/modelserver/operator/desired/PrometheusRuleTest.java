package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rules come of a spec; what they say is tested by promtool (scripts/check-rules). */
class PrometheusRuleTest {
  private static final String MODEL = "model: {uri: 'https://h/m'}\n";

  @Test
  void withoutAlertsOrAnObjectiveThereIsNone() {
    assertThat(rule(MODEL)).isEmpty();
    assertThat(rule(MODEL + "monitoring: {serviceMonitor: {}}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "monitoring: {alerts: {}} | NotReady RolledBack NoPods ErrorRate QueueFull MemoryNearLimit",
        "monitoring: {alerts: {latency: {threshold: 1s}}} | NotReady RolledBack NoPods ErrorRate Latency QueueFull MemoryNearLimit",
        "monitoring: {alerts: {notReady: {state: Disabled}, errorRate: {state: Disabled}, queueFull: {state: Disabled}}} | RolledBack NoPods MemoryNearLimit",
        "autoscaling: {maxReplicas: 2}, monitoring: {alerts: {}} | NotReady RolledBack NoPods ErrorRate QueueFull MemoryNearLimit NearMaxReplicas",
        // It would fire always.
        "autoscaling: {minReplicas: 2, maxReplicas: 2}, monitoring: {alerts: {}} | NotReady RolledBack NoPods ErrorRate QueueFull MemoryNearLimit",
        "server: {endpoints: {metrics: Disabled}}, monitoring: {alerts: {}, objective: {availability: 99}} | NotReady RolledBack NoPods",
        "server: {tls: {secretName: s, mode: Permissive}}, monitoring: {alerts: {queueFull: {state: Disabled}}} | NotReady RolledBack NoPods ErrorRate MemoryNearLimit CertificateExpires SecretReloadFailed",
        "server: {authentication: {mode: Permissive, tokens: {secretName: s}}}, monitoring: {alerts: {queueFull: {state: Disabled}}} | NotReady RolledBack NoPods ErrorRate MemoryNearLimit SecretReloadFailed",
        "server: {tls: {secretName: s, mode: Permissive}}, monitoring: {alerts: {queueFull: {state: Disabled}, certificateExpires: {state: Disabled}}} | NotReady RolledBack NoPods ErrorRate MemoryNearLimit SecretReloadFailed",
        "monitoring: {objective: {availability: 99.9}} | AvailabilityBudget AvailabilityBudget AvailabilityBudget AvailabilityBudget",
        // 14.4 times 10 percent is more than there is.
        "monitoring: {objective: {latency: {percent: 90, threshold: 1s}}} | LatencyBudget LatencyBudget LatencyBudget",
      })
  void alertsOfASpec(String spec, String names) {
    String wanted = "{model: {uri: 'https://h/m'}, " + spec + "}";

    assertThat(alerts(wanted).stream().map(Rule::getAlert))
        .containsExactly(
            List.of(names.split(" ")).stream()
                .map(name -> "ModelServer" + name)
                .toArray(String[]::new));
  }

  @Test
  void whereNothingIsLeftThereIsNone() {
    assertThat(
            rule(
                MODEL
                    + "server: {endpoints: {metrics: Disabled}}\nmonitoring: {objective: {availability: 99}}"))
        .isEmpty();
  }

  @Test
  void thresholdsAreThoseOfTheSpec() {
    List<Rule> alerts =
        alerts(
            MODEL
                + "monitoring: {alerts: {errorRate: {percent: 0.5, for: 30s1m, severity: Critical}, notReady: {for: 0h0s}}}");

    Rule rate = find(alerts, "ModelServerErrorRate");
    assertThat(rate.getExpr().getStrVal()).endsWith(" > 0.5");
    assertThat(rate.getFor()).isEqualTo("1m30s");
    assertThat(rate.getLabels())
        .containsEntry("severity", "critical")
        .containsEntry("namespace", "models")
        .containsEntry("modelserver", "iris");
    assertThat(find(alerts, "ModelServerNotReady").getFor()).isEqualTo("0s");
  }

  @Test
  void theAlertAboutLatencyFollowsTheObjective() {
    Rule latency =
        find(
            alerts(
                MODEL
                    + "monitoring: {alerts: {}, objective: {latency: {percent: 95, threshold: 2500ms}}}"),
            "ModelServerLatency");

    assertThat(latency.getExpr().getStrVal()).contains("le=\"2.5\"").endsWith(" < 95");
  }

  @Test
  void labelsAreForTheSelectorAndOursStay() {
    PrometheusRule rule =
        rule(MODEL
                + "monitoring: {alerts: {labels: {release: prometheus, modelserver.dev/name: other}}}")
            .orElseThrow();

    assertThat(rule.getMetadata().getLabels())
        .containsEntry("release", "prometheus")
        .containsEntry("modelserver.dev/name", "iris");
  }

  private static Optional<PrometheusRule> rule(String spec) {
    return DesiredPrometheusRule.of(Yaml.resolved(Yaml.modelServer(spec)));
  }

  private static List<Rule> alerts(String spec) {
    return rule(spec).stream()
        .flatMap(rule -> rule.getSpec().getGroups().stream())
        .flatMap(group -> group.getRules().stream())
        .filter(rule -> rule.getAlert() != null)
        .toList();
  }

  private static Rule find(List<Rule> alerts, String name) {
    return alerts.stream().filter(alert -> alert.getAlert().equals(name)).findFirst().orElseThrow();
  }
}
