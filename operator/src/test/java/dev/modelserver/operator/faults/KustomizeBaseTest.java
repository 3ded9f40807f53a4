package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The base of kustomize has the rights and the variables of the chart, as far as one can tell
 * without helm; {@code make chart-lint} compares all of it.
 */
class KustomizeBaseTest {
  private static final Path BASE = Path.of("../kustomize/base");
  private static final Path CHART = Path.of("../helm/templates/deployment.yaml");
  private static final Pattern VARIABLE = Pattern.compile("- name: ([A-Z_]+)");

  @Test
  void theOperatorHasTheRightsOfTheChart() throws IOException {
    List<PolicyRule> rules =
        Stream.concat(
                document("kind: ClusterRole\n", "name: modelserver-system:modelserver-operator\n"),
                document("kind: Role\n", "name: modelserver-operator-leader-election\n"))
            .flatMap(role -> Yaml.read(ClusterRole.class, role).getRules().stream())
            .toList();

    assertThat(rules).isEqualTo(ChartRules.read().rules());
  }

  @Test
  void theOperatorHasTheVariablesOfTheChart() throws IOException {
    Deployment operator =
        Yaml.read(Deployment.class, document("kind: Deployment\n", "").findFirst().orElseThrow());

    assertThat(operator.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .extracting(EnvVar::getName)
        .isEqualTo(
            VARIABLE
                .matcher(Files.readString(CHART))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList());
  }

  private static Stream<String> document(String kind, String name) throws IOException {
    return Arrays.stream(Files.readString(BASE.resolve("operator.yaml")).split("(?m)^---$"))
        .filter(text -> text.contains("\n" + kind) && text.contains(name));
  }
}
