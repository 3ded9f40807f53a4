package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes statuses and remembers what it wrote until the informer has seen it, so that a cache that
 * lags behind makes no transition twice.
 *
 * <p>The framework's own way to write a status also drops the watch events of that moment, and with
 * them a spec that a user changed in it: it would be acted on only at the next resync.
 */
public final class StatusWriter {
  private static final int MOST_REMEMBERED = 10_000;

  private final KubernetesClient client;
  private final Map<String, Written> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Written> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Written(long resourceVersion, @Nullable ModelServerStatus status) {}

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /** Gives a ModelServer from a cache the status that was written since, if the cache is older. */
  public synchronized void refresh(ModelServer cached) {
    Written last = written.get(cached.getMetadata().getUid());
    if (last == null) {
      return;
    }
    if (Long.parseLong(cached.getMetadata().getResourceVersion()) < last.resourceVersion()) {
      cached.setStatus(last.status());
    } else {
      written.remove(cached.getMetadata().getUid());
    }
  }

  /** Writes the whole status by server-side apply. */
  public void write(ModelServer primary, ModelServerStatus status) {
    ModelServer body = new ModelServer();
    body.setMetadata(
        new ObjectMetaBuilder()
            .withName(primary.getMetadata().getName())
            .withNamespace(primary.getMetadata().getNamespace())
            .build());
    body.setStatus(status);
    ModelServer stored =
        client
            .resource(body)
            .subresource("status")
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(Applier.MANAGER)
                    .withForce(true)
                    .build());
    remember(stored);
  }

  private synchronized void remember(ModelServer stored) {
    written.put(
        stored.getMetadata().getUid(),
        new Written(Long.parseLong(stored.getMetadata().getResourceVersion()), stored.getStatus()));
  }
}
