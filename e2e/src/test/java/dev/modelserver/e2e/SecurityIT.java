package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operator and models are allowed, as the cluster enforces it. */
@ClusterTest
class SecurityIT {
  private final Cluster cluster = Cluster.get();
  private final KubernetesClient client = cluster.client();
  private final OperatorInstall operator = OperatorInstall.get();

  @Test
  void operatorAndModelsRunWhereRestrictedIsEnforced() {
    try (TestNamespace namespace = TestNamespace.create(cluster, "security")) {
      namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
      var iris = namespace.modelServer("iris");
      iris.create(IrisModel.V1_0.spec(1));
      iris.awaitReady();

      for (String name : List.of(namespace.name(), OperatorInstall.NAMESPACE)) {
        assertThat(client.namespaces().withName(name).require().getMetadata().getLabels())
            .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
      }
      assertThat(operator.pods()).isNotEmpty().allSatisfy(SecurityIT::assertRunning);
      assertThat(iris.pods())
          .isNotEmpty()
          .allSatisfy(SecurityIT::assertRunning)
          .allSatisfy(SecurityIT::assertWithoutToken);
    }
  }

  @Test
  void noRuleOfTheOperatorNamesSecretsOrAnything() {
    List<PolicyRule> rules = OperatorRules.of(client, operator);

    assertThat(rules).isNotEmpty();
    assertThat(rules)
        .allSatisfy(
            rule -> {
              assertThat(rule.getResources()).doesNotContain("secrets", "*");
              assertThat(rule.getVerbs()).doesNotContain("*");
              assertThat(rule.getApiGroups()).doesNotContain("*");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "get, secrets",
    "list, secrets",
    "create, secrets",
    "create, pods",
    "delete, pods",
    "update, configmaps"
  })
  void theApiServerRefusesTheOperator(String verb, String resource) {
    assertThat(allowed(verb, "", resource)).isFalse();
  }

  @Test
  void theApiServerLetsTheOperatorWork() {
    assertThat(allowed("patch", "apps", "deployments")).isTrue();
    assertThat(allowed("list", "", "pods")).isTrue();
  }

  private boolean allowed(String verb, String group, String resource) {
    return client
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(
            new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(operator.user())
                .withNewResourceAttributes()
                .withNamespace("default")
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
                .endResourceAttributes()
                .endSpec()
                .build())
        .getStatus()
        .getAllowed();
  }

  private static void assertRunning(Pod pod) {
    assertThat(pod.getStatus().getPhase()).as(pod.getMetadata().getName()).isEqualTo("Running");
  }

  private static void assertWithoutToken(Pod pod) {
    assertThat(pod.getSpec().getAutomountServiceAccountToken())
        .as("automountServiceAccountToken")
        .isFalse();
    assertThat(
            pod.getSpec().getVolumes().stream().map(Volume::getProjected).filter(Objects::nonNull))
        .as("projected volumes, which could hold a token")
        .isEmpty();
  }
}
