package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.function.Predicate;

/**
 * A kind whose definition may be absent, appear or vanish while the operator runs.
 *
 * @param wanted whether a ModelServer asks for such an object
 */
record OptionalKind(Class<? extends HasMetadata> type, Predicate<ModelServer> wanted) {
  /** Every kind that the operator makes objects of where the cluster has it. */
  static final List<OptionalKind> ALL =
      List.of(new OptionalKind(ServiceMonitor.class, OptionalKind::monitored));

  private static boolean monitored(ModelServer primary) {
    return primary.getSpec() != null
        && primary.getSpec().monitoring() != null
        && primary.getSpec().monitoring().serviceMonitor() != null;
  }
}
