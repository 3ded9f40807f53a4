package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All objects of a namespace that a ModelServer could have to do with. */
final class NamespaceObjects {
  /** An object at one version. */
  record Fact(String kind, String name, String uid, String resourceVersion) {}

  private NamespaceObjects() {}

  /** Every object, at its version of now. */
  static Set<Fact> of(TestNamespace namespace) {
    return list(namespace)
        .map(
            object ->
                new Fact(
                    object.getKind(),
                    object.getMetadata().getName(),
                    object.getMetadata().getUid(),
                    object.getMetadata().getResourceVersion()))
        .collect(Collectors.toSet());
  }

  /** {@code KIND/NAME} of all objects whose controller is of a kind. */
  static List<String> owned(TestNamespace namespace, String ownerKind) {
    return list(namespace)
        .filter(
            object ->
                object.getMetadata().getOwnerReferences().stream()
                    .anyMatch(
                        owner ->
                            owner.getKind().equals(ownerKind)
                                && Boolean.TRUE.equals(owner.getController())))
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** Every object, and the ModelServers themselves. */
  static Stream<HasMetadata> withModelServers(TestNamespace namespace) {
    return Stream.concat(
        list(namespace),
        namespace
            .cluster()
            .client()
            .genericKubernetesResources(ModelServerClient.CONTEXT)
            .inNamespace(namespace.name())
            .list()
            .getItems()
            .stream());
  }

  /** Every object. */
  static Stream<HasMetadata> list(TestNamespace namespace) {
    KubernetesClient client = namespace.cluster().client();
    String name = namespace.name();
    return Stream.<List<? extends HasMetadata>>of(
            client.apps().deployments().inNamespace(name).list().getItems(),
            client.apps().replicaSets().inNamespace(name).list().getItems(),
            client.apps().controllerRevisions().inNamespace(name).list().getItems(),
            client.pods().inNamespace(name).list().getItems(),
            client.services().inNamespace(name).list().getItems(),
            client.configMaps().inNamespace(name).list().getItems(),
            client.secrets().inNamespace(name).list().getItems(),
            client.serviceAccounts().inNamespace(name).list().getItems(),
            client
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(name)
                .list()
                .getItems(),
            client.policy().v1().podDisruptionBudget().inNamespace(name).list().getItems(),
            client.network().v1().networkPolicies().inNamespace(name).list().getItems(),
            client.discovery().v1().endpointSlices().inNamespace(name).list().getItems())
        .flatMap(List::stream);
  }
}
