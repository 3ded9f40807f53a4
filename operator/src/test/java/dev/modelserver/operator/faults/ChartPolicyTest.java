package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChartPolicyTest {
  /** Events and the Lease do not bear the label. */
  private static final Set<String> FREE = Set.of("/events", "coordination.k8s.io/leases");

  @Test
  void itGuardsEveryKindThatTheOperatorMayCreate() {
    Set<String> created =
        ChartRules.read().accesses().stream()
            .filter(access -> access.verb().equals("create"))
            .map(Access::resource)
            .filter(resource -> !FREE.contains(resource))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> guarded =
        ChartPolicy.asItIs().stream()
            .filter(manifest -> manifest.path().contains("policies/"))
            .flatMap(
                manifest ->
                    Yaml.read(ValidatingAdmissionPolicy.class, manifest.yaml())
                        .getSpec()
                        .getMatchConstraints()
                        .getResourceRules()
                        .stream())
            .flatMap(
                rule ->
                    rule.getResources().stream()
                        .map(resource -> rule.getApiGroups().getFirst() + "/" + resource))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(guarded).isEqualTo(created);
  }
}
