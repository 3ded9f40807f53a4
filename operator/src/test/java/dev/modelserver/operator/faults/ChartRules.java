package dev.modelserver.operator.faults;

import dev.modelserver.operator.Yaml;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the chart grants the operator, read from its templates.
 *
 * @param rules those of the watched namespaces, and those of the Lease
 */
record ChartRules(List<PolicyRule> rules) {
  /** Of the operator's user, its role and its Lease. */
  static final String NAME = "modelserver-operator";

  private static final Path TEMPLATES = Path.of("../helm/templates");

  static ChartRules read() {
    String operator =
        between("_helpers.tpl", "define \"modelserver.operatorRules\" -}}", "{{- end -}}");
    String lease = between("leader-election.yaml", "rules:", "---");
    return new ChartRules(Stream.of(operator, lease).flatMap(ChartRules::parse).toList());
  }

  /** A role with these rules. */
  ClusterRole role() {
    return new ClusterRoleBuilder()
        .withNewMetadata()
        .withName(NAME)
        .endMetadata()
        .withRules(rules)
        .build();
  }

  Set<Access> accesses() {
    return rules.stream()
        .flatMap(ChartRules::accesses)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Access> accesses(PolicyRule rule) {
    return rule.getApiGroups().stream()
        .flatMap(group -> rule.getResources().stream().map(resource -> group + "/" + resource))
        .flatMap(resource -> rule.getVerbs().stream().map(verb -> new Access(verb, resource)));
  }

  private static Stream<PolicyRule> parse(String rules) {
    String role = "kind: ClusterRole\napiVersion: rbac.authorization.k8s.io/v1\nrules:\n";
    return Yaml.read(ClusterRole.class, role + rules.replaceAll("\\{\\{.*?}}", NAME))
        .getRules()
        .stream();
  }

  private static String between(String file, String begin, String end) {
    try {
      String text = Files.readString(TEMPLATES.resolve(file));
      int from = text.indexOf(begin) + begin.length();
      return text.substring(from, text.indexOf(end, from));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
