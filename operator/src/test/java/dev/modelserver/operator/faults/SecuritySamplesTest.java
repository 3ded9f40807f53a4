package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.desired.ForgedTemplates;
import dev.modelserver.operator.names.Labels;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The NetworkPolicies of samples/security select the pods that there are, and name their ports. */
class SecuritySamplesTest {
  private static final Path FILE = Path.of("../samples/security/network-policies.yaml");

  private final List<NetworkPolicy> policies =
      Manifest.read(FILE, "team-a", "team").stream()
          .map(manifest -> Yaml.read(NetworkPolicy.class, manifest.yaml()))
          .toList();

  @Test
  void theFirstIsForThePodsOfModels() {
    NetworkPolicy models = policies.getFirst();

    assertThat(models.getSpec().getPodSelector().getMatchExpressions())
        .extracting(LabelSelectorRequirement::getKey)
        .containsExactly(Labels.NAME);
    assertThat(ForgedTemplates.OURS.getMetadata().getLabels()).containsKey(Labels.NAME);
    assertThat(ports(models.getSpec().getIngress()))
        .isEqualTo(
            ForgedTemplates.OURS.getSpec().getContainers().getFirst().getPorts().stream()
                .filter(port -> !port.getName().equals("management"))
                .map(ContainerPort::getContainerPort)
                .collect(Collectors.toSet()));
  }

  @Test
  void theSecondIsForTheOperator() throws IOException {
    NetworkPolicy operator = policies.getLast();

    operator
        .getSpec()
        .getPodSelector()
        .getMatchLabels()
        .forEach(
            (key, value) ->
                assertThat(Path.of("../helm/templates/_helpers.tpl"))
                    .content()
                    .contains(key + ": " + value));
    assertThat(Files.readString(Path.of("../helm/templates/deployment.yaml")))
        .contains("containerPort: 8080");
    assertThat(ports(operator.getSpec().getIngress())).containsExactly(8080);
  }

  private static Set<Integer> ports(List<NetworkPolicyIngressRule> rules) {
    return rules.stream()
        .flatMap(rule -> rule.getPorts().stream())
        .map(port -> port.getPort().getIntVal())
        .collect(Collectors.toSet());
  }
}
