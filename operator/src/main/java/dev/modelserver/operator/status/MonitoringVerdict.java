package dev.modelserver.operator.status;

import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.AlertRules;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the ServiceMonitor and the PrometheusRule that the spec asks for are applied. */
final class MonitoringVerdict {
  private MonitoringVerdict() {}

  /** Empty: none is asked for. */
  static Optional<Verdict> of(Situation s) {
    List<Refusal> refusals =
        Stream.of(ServiceMonitor.class, PrometheusRule.class)
            .flatMap(kind -> s.refusalOf(kind).stream())
            .toList();
    if (!refusals.isEmpty()) {
      return Optional.of(
          Verdict.no(
              ConditionType.MONITORING,
              refusals.getFirst().reason(),
              refusals.stream().map(Refusal::message).collect(Collectors.joining("; "))));
    }
    boolean monitor = s.server().monitor().isPresent();
    boolean rules = s.server().rules().isPresent();
    if (!monitor && !rules) {
      return Optional.empty();
    }
    String unmade = needsMetrics(s.server());
    if (!unmade.isEmpty() && !s.server().workload().endpoints().showsMetrics()) {
      return Optional.of(
          Verdict.no(
              ConditionType.MONITORING,
              Reason.METRICS_DISABLED,
              "spec.server.endpoints.metrics is Disabled, so that the pods have no metrics and these are not made: %s; set it to Enabled, or remove them from spec.monitoring"
                  .formatted(unmade)));
    }
    return Optional.of(applied(s, monitor, rules));
  }

  private static Verdict applied(Situation s, boolean monitor, boolean rules) {
    List<String> missing = new ArrayList<>();
    if (monitor && !s.observed().serves(ServiceMonitor.class)) {
      missing.add("ServiceMonitor");
    }
    if (rules && !s.observed().serves(PrometheusRule.class)) {
      missing.add("PrometheusRule");
    }
    if (!missing.isEmpty()) {
      return Verdict.no(
          ConditionType.MONITORING,
          missing.getFirst().equals("ServiceMonitor")
              ? Reason.SERVICE_MONITOR_KIND_MISSING
              : Reason.PROMETHEUS_RULE_KIND_MISSING,
          "This cluster has no kind %s: install the Prometheus operator; it is then detected automatically"
              .formatted(String.join(" and no kind ", missing)));
    }
    String name = s.server().owner().name();
    if (monitor && rules) {
      return Verdict.yes(
          ConditionType.MONITORING,
          Reason.MONITORING_APPLIED,
          "ServiceMonitor and PrometheusRule %s are applied".formatted(name));
    }
    return monitor
        ? Verdict.yes(
            ConditionType.MONITORING,
            Reason.SERVICE_MONITOR_APPLIED,
            "ServiceMonitor %s is applied".formatted(name))
        : Verdict.yes(
            ConditionType.MONITORING,
            Reason.PROMETHEUS_RULE_APPLIED,
            "PrometheusRule %s is applied".formatted(name));
  }

  /** What is asked for and needs the metrics of the pods, as a list for people. */
  private static String needsMetrics(ResolvedModelServer server) {
    Stream<String> rules =
        server.rules().stream()
            .flatMap(
                asked ->
                    Stream.concat(
                        asked.alerts().keySet().stream()
                            .filter(AlertRules::needsMetricsOfPods)
                            .sorted()
                            .map(alert -> "alert " + alert.word()),
                        asked.hasObjective()
                            ? Stream.of("spec.monitoring.objective")
                            : Stream.empty()));
    return Stream.concat(
            server.monitor().map(_ -> "spec.monitoring.serviceMonitor").stream(), rules)
        .collect(Collectors.joining(", "));
  }
}
