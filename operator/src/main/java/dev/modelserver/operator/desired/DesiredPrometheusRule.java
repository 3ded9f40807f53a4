package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.AlertRules;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRuleBuilder;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleGroup;
import io.fabric8.openshift.api.model.monitoring.v1.RuleGroupBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The PrometheusRule, where alerts or an objective are asked for. */
public final class DesiredPrometheusRule {
  private DesiredPrometheusRule() {}

  /** Its kind and name, to find it by where none is wanted. */
  public static PrometheusRule named(Owner owner) {
    return new PrometheusRuleBuilder()
        .withMetadata(Labels.metadata(owner, Names.workload(owner)))
        .build();
  }

  /** The rules; what needs the metrics of the pods is left out where these are disabled. */
  public static Optional<PrometheusRule> of(ResolvedModelServer server) {
    return server.rules().flatMap(wanted -> of(server, wanted));
  }

  private static Optional<PrometheusRule> of(ResolvedModelServer server, AlertRules wanted) {
    Owner owner = server.owner();
    boolean metrics = server.workload().endpoints().showsMetrics();
    List<RuleGroup> groups =
        Stream.of(
                group("modelserver-alerts", AlertGroup.of(owner, wanted, metrics)),
                group(
                    "modelserver-objective",
                    metrics ? ObjectiveGroup.of(owner, wanted) : List.of()))
            .flatMap(Optional::stream)
            .toList();
    if (groups.isEmpty()) {
      return Optional.empty();
    }
    ObjectMeta metadata = Labels.metadata(owner, Names.workload(owner));
    // Ours win: a Prometheus selects by labels of its own keys.
    wanted.labels().forEach(metadata.getLabels()::putIfAbsent);
    return Optional.of(
        new PrometheusRuleBuilder()
            .withMetadata(metadata)
            .withNewSpec()
            .withGroups(groups)
            .endSpec()
            .build());
  }

  private static Optional<RuleGroup> group(String name, List<Rule> rules) {
    return rules.isEmpty()
        ? Optional.empty()
        : Optional.of(new RuleGroupBuilder().withName(name).withRules(rules).build());
  }
}
