package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Lets through what can change the outcome: a new spec, or an annotation (retry and restart do not
 * move the generation). Our own status writes do neither.
 */
public final class RelevantUpdate implements OnUpdateFilter<ModelServer> {
  @Override
  public boolean accept(ModelServer updated, ModelServer before) {
    return !Objects.equals(
            updated.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(
            updated.getMetadata().getAnnotations(), before.getMetadata().getAnnotations());
  }
}
