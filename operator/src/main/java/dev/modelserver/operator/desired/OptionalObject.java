package dev.modelserver.operator.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/**
 * An object that no model needs, and whose kind the cluster may lack.
 *
 * @param named kind and name of it, to find it by where none is wanted
 * @param wanted the object; empty: there shall be none
 * @param condition the condition of the status that tells of it
 */
public record OptionalObject(
    HasMetadata named, Optional<? extends HasMetadata> wanted, String condition) {
  /** The kind of the object. */
  public Class<? extends HasMetadata> kind() {
    return named.getClass();
  }
}
