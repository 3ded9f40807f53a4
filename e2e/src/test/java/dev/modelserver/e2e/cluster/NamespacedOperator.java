package dev.modelserver.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;

/**
 * An operator inside the one namespace that it watches, with rights in no other: a release of its
 * own, which goes with the namespace.
 */
public final class NamespacedOperator {
  private final KubernetesClient client;
  private final HelmRelease release;

  private NamespacedOperator(KubernetesClient client, HelmRelease release) {
    this.client = client;
    this.release = release;
  }

  /**
   * Installs it, and waits until it is ready. No other operator may watch the namespace; the
   * CustomResourceDefinition must be there.
   */
  public static NamespacedOperator install(TestNamespace namespace) {
    Cluster cluster = namespace.cluster();
    HelmRelease release = new HelmRelease(cluster.settings(), "inside", namespace.name());
    release.upgrade(
        Repository.path("helm"),
        Map.of(
            "watchNamespaces[0]", namespace.name(),
            "crds.install", false,
            "rbac.aggregateToUserRoles", false));
    return new NamespacedOperator(cluster.client(), release);
  }

  /** Its pods, those that are being deleted included. */
  public List<Pod> pods() {
    return client
        .pods()
        .inNamespace(release.namespace())
        .withLabels(release.labels())
        .list()
        .getItems();
  }

  /** Takes its roles, their bindings and its ServiceAccount away; its pod goes on running. */
  public void deleteRights() {
    String namespace = release.namespace();
    client.rbac().roleBindings().inNamespace(namespace).withLabels(release.labels()).delete();
    client.rbac().roles().inNamespace(namespace).withLabels(release.labels()).delete();
    client.serviceAccounts().inNamespace(namespace).withLabels(release.labels()).delete();
  }

  /** Names of the cluster-wide bindings that its namespace's ServiceAccounts have. */
  public List<String> clusterWideRights() {
    return client.rbac().clusterRoleBindings().list().getItems().stream()
        .filter(
            binding ->
                binding.getSubjects().stream()
                    .anyMatch(subject -> release.namespace().equals(subject.getNamespace())))
        .map(binding -> binding.getMetadata().getName())
        .toList();
  }
}
