package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;

/**
 * Looks before the first write of a pass whether its ModelServer is still what the pass saw. A
 * cache may lag behind, by much after a start beside an API server that does; and it may hear of a
 * deletion later than of that of the ModelServer's objects, and would make them again for nobody.
 */
public final class UpToDate {
  private final KubernetesClient client;
  private final ModelServer seen;
  private boolean looked;

  /**
   * Of one pass.
   *
   * @param seen with the last status that was written
   */
  public UpToDate(KubernetesClient client, ModelServer seen) {
    this.client = client;
    this.seen = seen;
  }

  /** Asks the API server, once. */
  public void require() {
    if (looked) {
      return;
    }
    String namespace = seen.getMetadata().getNamespace();
    String name = seen.getMetadata().getName();
    ModelServer stored =
        client.resources(ModelServer.class).inNamespace(namespace).withName(name).get();
    if (stored == null || !same(seen, stored)) {
      throw new Outdated(name, namespace);
    }
    looked = true;
  }

  /** Whether nothing differs that decides what is written. */
  static boolean same(ModelServer seen, ModelServer stored) {
    ObjectMeta before = seen.getMetadata();
    ObjectMeta now = stored.getMetadata();
    return now.getDeletionTimestamp() == null
        && Objects.equals(before.getUid(), now.getUid())
        && Objects.equals(before.getGeneration(), now.getGeneration())
        && Objects.equals(before.getAnnotations(), now.getAnnotations())
        && Objects.equals(seen.getStatus(), stored.getStatus());
  }
}
