package dev.modelserver.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.Cache;

/** The objects of an optional kind, as long as the API server knows the kind. */
interface OptionalInformer<T extends HasMetadata> extends Cache<T> {
  /** The kind of the objects. */
  Class<T> kind();

  /**
   * Whether it has listed all objects and hears of every change; not where the operator may not
   * list them, for example.
   */
  boolean complete();

  /** Whether it ended by itself and hears of nothing any more. */
  boolean ended();

  void stop();
}
