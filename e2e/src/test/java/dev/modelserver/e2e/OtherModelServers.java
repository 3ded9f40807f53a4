package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.OperatorInstall;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ModelServers of others: a test that deletes the CustomResourceDefinition would delete them with
 * its own.
 */
final class OtherModelServers {
  private OtherModelServers() {}

  /** {@code NAMESPACE/NAME} of all that are in namespaces that stay. */
  static List<String> list(KubernetesClient client) {
    if (!OperatorInstall.get().crdExists()) {
      return List.of();
    }
    return client
        .genericKubernetesResources(ModelServerClient.CONTEXT)
        .inAnyNamespace()
        .list()
        .getItems()
        .stream()
        .map(each -> each.getMetadata())
        .filter(metadata -> stays(client, metadata.getNamespace()))
        .map(metadata -> metadata.getNamespace() + "/" + metadata.getName())
        .toList();
  }

  private static boolean stays(KubernetesClient client, String name) {
    @Nullable Namespace found = client.namespaces().withName(name).get();
    return found != null && found.getMetadata().getDeletionTimestamp() == null;
  }
}
