package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.OperatorInstall;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.stream.Stream;

/** What the cluster grants the operator. */
record OperatorRules(KubernetesClient client, OperatorInstall operator) {
  /** The rules of all roles that are bound to the operator's ServiceAccount. */
  static List<PolicyRule> of(KubernetesClient client, OperatorInstall operator) {
    return new OperatorRules(client, operator).rules();
  }

  private List<PolicyRule> rules() {
    Stream<PolicyRule> clusterWide =
        client.rbac().clusterRoleBindings().list().getItems().stream()
            .filter(binding -> isOperator(binding.getSubjects()))
            .flatMap(binding -> rules(binding.getRoleRef(), ""));
    Stream<PolicyRule> namespaced =
        client.rbac().roleBindings().inAnyNamespace().list().getItems().stream()
            .filter(binding -> isOperator(binding.getSubjects()))
            .flatMap(binding -> rules(binding.getRoleRef(), binding.getMetadata().getNamespace()));
    return Stream.concat(clusterWide, namespaced).toList();
  }

  private Stream<PolicyRule> rules(RoleRef role, String namespace) {
    return role.getKind().equals("ClusterRole")
        ? client.rbac().clusterRoles().withName(role.getName()).require().getRules().stream()
        : client
            .rbac()
            .roles()
            .inNamespace(namespace)
            .withName(role.getName())
            .require()
            .getRules()
            .stream();
  }

  private boolean isOperator(List<Subject> subjects) {
    return subjects.stream()
        .anyMatch(
            subject ->
                subject.getKind().equals("ServiceAccount")
                    && subject.getName().equals(operator.serviceAccount())
                    && OperatorInstall.NAMESPACE.equals(subject.getNamespace()));
  }
}
