package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.names.FieldManagers;
import dev.modelserver.operator.names.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Optional;

/**
 * Which objects are a ModelServer's own: those it controls, and those that nobody controls any more
 * and that this operator applied for a ModelServer of its name. Such an orphan lost its owner
 * reference by hand, or its ModelServer was deleted with {@code --cascade=orphan}; it is adopted,
 * as Kubernetes' own controllers do.
 *
 * @param name of the ModelServer
 * @param uid of the ModelServer
 */
public record Ownership(String name, String uid) {
  /** Of the objects of this ModelServer. */
  public static Ownership of(ModelServer primary) {
    return new Ownership(primary.getMetadata().getName(), primary.getMetadata().getUid());
  }

  /** Whether an object is the ModelServer's own. */
  public boolean owns(HasMetadata object) {
    return Labels.controls(uid, object) || orphaned(object);
  }

  /** Whether an object belongs to somebody who is leaving, so that its name becomes free. */
  boolean leaving(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() != null || Labels.ofAFormer(uid, object);
  }

  private boolean orphaned(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
            .map(OwnerReference::getController)
            .noneMatch(Boolean.TRUE::equals)
        && Labels.value(object, Labels.NAME).equals(Optional.of(name))
        && object.getMetadata().getManagedFields().stream()
            .anyMatch(
                entry ->
                    FieldManagers.OPERATOR.equals(entry.getManager())
                        && "Apply".equals(entry.getOperation()));
  }
}
