package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.names.FieldManagers;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Objects;

/**
 * Writes statuses by server-side apply.
 *
 * <p>The framework's own way to write a status also drops the watch events of that moment, and with
 * them a spec that a user changed in it: it would be acted on only at the next resync.
 */
public final class StatusWriter {
  private final KubernetesClient client;
  private final RecentStatuses recent = new RecentStatuses();

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /** Gives a ModelServer from a cache the status that was written since, if the cache is older. */
  public void refresh(ModelServer cached) {
    recent.refresh(cached);
  }

  /** Writes the whole status; gives it as it is stored. */
  public ModelServerStatus write(ModelServer primary, ModelServerStatus status) {
    ModelServer body = new ModelServer();
    body.setMetadata(
        new ObjectMetaBuilder()
            .withName(primary.getMetadata().getName())
            .withNamespace(primary.getMetadata().getNamespace())
            // Refused for another one of the same name.
            .withUid(primary.getMetadata().getUid())
            .build());
    body.setStatus(status);
    ModelServer stored =
        client
            .resource(body)
            .subresource("status")
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(FieldManagers.OPERATOR)
                    .withForce(true)
                    .build());
    recent.remember(stored);
    return Objects.requireNonNullElse(stored.getStatus(), status);
  }
}
