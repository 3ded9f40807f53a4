package dev.modelserver.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Objects of one kind as the API server has them, read page by page.
 *
 * @param namespaces the watched ones; empty: all
 * @param selector label selector; empty: every object
 */
record StoredObjects<T extends HasMetadata>(
    KubernetesClient client, Class<T> kind, Set<String> namespaces, String selector)
    implements AuditedCache.Stored<T> {
  /** Objects of a page: each may have a megabyte, and four times that while it is read. */
  static final long PAGE = 10;

  @Override
  public void forEach(Consumer<T> reader) {
    if (namespaces.isEmpty()) {
      read(options -> client.resources(kind).inAnyNamespace().list(options), reader);
    }
    for (String namespace : namespaces) {
      read(options -> client.resources(kind).inNamespace(namespace).list(options), reader);
    }
  }

  @Override
  public boolean exists(ResourceID id) {
    return client
            .resources(kind)
            .inNamespace(id.getNamespace().orElseThrow())
            .withName(id.getName())
            .get()
        != null;
  }

  @FunctionalInterface
  private interface Pages<T extends HasMetadata> {
    KubernetesResourceList<T> at(ListOptions options);
  }

  private void read(Pages<T> pages, Consumer<T> reader) {
    String next = "";
    do {
      ListOptionsBuilder options = new ListOptionsBuilder().withLimit(PAGE);
      if (!selector.isEmpty()) {
        options.withLabelSelector(selector);
      }
      if (!next.isEmpty()) {
        options.withContinue(next);
      }
      KubernetesResourceList<T> page = pages.at(options.build());
      page.getItems().forEach(reader);
      String token = page.getMetadata().getContinue();
      next = token == null ? "" : token;
    } while (!next.isEmpty());
  }
}
