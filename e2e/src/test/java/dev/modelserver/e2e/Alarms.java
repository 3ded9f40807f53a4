package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.MonitoringSettings;
import dev.modelserver.e2e.monitoring.Alertmanager;
import dev.modelserver.e2e.monitoring.Prometheus;
import dev.modelserver.e2e.monitoring.Prometheus.Rule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionTimeoutException;

/** The alerts that Alertmanager receives, with an account of how long each took. */
final class Alarms {
  /** A new rule or target is known after up to two minutes, a changed Secret after some more. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private final Prometheus prometheus;
  private final Alertmanager alertmanager;
  private final Set<String> fired = new TreeSet<>();
  private final StringBuilder account = new StringBuilder();

  private Alarms(MonitoringSettings settings) {
    this.prometheus = new Prometheus(settings.prometheus());
    this.alertmanager = new Alertmanager(settings.alertmanager());
  }

  /**
   * Those of the environment.
   *
   * @throws IllegalStateException when it names none
   */
  static Alarms fromEnvironment() {
    return new Alarms(
        Cluster.get()
            .settings()
            .monitoring()
            .orElseThrow(() -> new IllegalStateException("E2E_PROMETHEUS is not set")));
  }

  Prometheus prometheus() {
    return prometheus;
  }

  /** Waits for an alert about a ModelServer. */
  void awaitFiring(ModelServerClient server, String alert) {
    awaitFiring(server, alert, Map.of());
  }

  /** The same with further labels. */
  void awaitFiring(ModelServerClient server, String alert, Map<String, String> more) {
    Map<String, String> labels = new HashMap<>(more);
    labels.putAll(labels(server));
    awaitFiring(alert, labels, LIMIT);
  }

  /** Waits for an alert with these labels. */
  void awaitFiring(String alert, Map<String, String> labels, Duration limit) {
    Duration took = explained(alert, () -> alertmanager.awaitFiring(named(alert, labels), limit));
    fired.add(alert);
    tell("%s %s arrived after %d s".formatted(alert, labels, took.toSeconds()));
  }

  /** Waits for the end of an alert about a ModelServer. */
  void awaitResolved(ModelServerClient server, String alert) {
    awaitResolved(alert, labels(server), LIMIT);
  }

  /** Waits for the end of an alert with these labels. */
  void awaitResolved(String alert, Map<String, String> labels, Duration limit) {
    Duration took = explained(alert, () -> alertmanager.awaitResolved(named(alert, labels), limit));
    tell("%s %s resolved after %d s".formatted(alert, labels, took.toSeconds()));
  }

  /** Each recording rule about a ModelServer has recorded, and no expression has failed. */
  void assertRulesHaveData(ModelServerClient server) {
    List<Rule> rules = prometheus.rules(labels(server));
    assertThat(rules)
        .allSatisfy(rule -> assertThat(rule.health()).as(rule.error()).isEqualTo("ok"));
    List<String> recorded =
        rules.stream()
            .filter(rule -> !rule.alerts())
            .map(
                rule ->
                    "%s{namespace=\"%s\",modelserver=\"%s\"}"
                        .formatted(rule.name(), server.namespace(), server.name()))
            .toList();
    assertThat(recorded).isNotEmpty().allMatch(prometheus::answers);
    tell("%s: %d recording rules have data".formatted(server.name(), recorded.size()));
  }

  /** Names of the alerts that arrived. */
  Set<String> fired() {
    return Set.copyOf(fired);
  }

  /** Adds a line to the account. */
  void tell(String line) {
    account.append(line).append('\n');
  }

  String account() {
    return account.toString();
  }

  private interface Waiting {
    Duration take();
  }

  /** Where it takes too long, what Prometheus knows of the rule is what a person wants to know. */
  private Duration explained(String alert, Waiting waiting) {
    try {
      return waiting.take();
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          e.getMessage()
              + "; its rules in Prometheus: "
              + prometheus.rules(Map.of()).stream()
                  .filter(rule -> rule.name().equals(alert))
                  .map(rule -> rule + " returns " + prometheus.query(rule.query()))
                  .toList(),
          e);
    }
  }

  private static Map<String, String> labels(ModelServerClient server) {
    return Map.of("namespace", server.namespace(), "modelserver", server.name());
  }

  private static Map<String, String> named(String alert, Map<String, String> labels) {
    Map<String, String> all = new HashMap<>(labels);
    all.put("alertname", alert);
    return all;
  }
}
