package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;
import java.util.stream.Stream;

/** The objects that are known without a request to the API server. */
public interface KnownObjects {
  /** The object of the kind, namespace and name of another. */
  Optional<? extends HasMetadata> find(HasMetadata like);

  /**
   * Whether every object of this kind with our labels is known; not of an optional kind that is
   * absent, or that the operator may not list.
   */
  boolean holds(Class<? extends HasMetadata> kind);

  /** A write of an optional kind was refused: the kind may be gone. */
  void refused(Class<? extends HasMetadata> kind);

  /** The ConfigMaps that belong to a ModelServer. */
  Stream<ConfigMap> configMaps(ModelServer primary);
}
