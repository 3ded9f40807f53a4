package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.GatewayOptions;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.Monitoring;
import dev.modelserver.operator.api.v1alpha1.Server;
import dev.modelserver.operator.api.v1alpha1.ServerTls;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A kind whose definition may be absent, appear or vanish while the operator runs.
 *
 * @param wanted whether a ModelServer asks for such an object
 */
record OptionalKind(Class<? extends HasMetadata> type, Predicate<ModelServer> wanted) {
  /** Every kind that the operator makes objects of where the cluster has it. */
  static final List<OptionalKind> ALL =
      List.of(
          new OptionalKind(
              ServiceMonitor.class,
              primary -> monitoring(primary).filter(m -> m.serviceMonitor() != null).isPresent()),
          new OptionalKind(
              PrometheusRule.class,
              primary ->
                  monitoring(primary)
                      .filter(m -> m.alerts() != null || m.objective() != null)
                      .isPresent()),
          new OptionalKind(HTTPRoute.class, OptionalKind::routed),
          new OptionalKind(GRPCRoute.class, OptionalKind::routedGrpc),
          new OptionalKind(BackendTLSPolicy.class, OptionalKind::encrypted));

  private static Optional<Monitoring> monitoring(ModelServer primary) {
    return Optional.ofNullable(primary.getSpec()).map(ModelServerSpec::monitoring);
  }

  private static boolean routed(ModelServer primary) {
    return gateway(primary).isPresent();
  }

  private static boolean routedGrpc(ModelServer primary) {
    return gateway(primary).filter(gateway -> gateway.grpc() != null).isPresent();
  }

  private static boolean encrypted(ModelServer primary) {
    return routed(primary)
        && Optional.ofNullable(primary.getSpec().server())
            .map(Server::tls)
            .map(ServerTls::caConfigMap)
            .isPresent();
  }

  private static Optional<GatewayOptions> gateway(ModelServer primary) {
    return Optional.ofNullable(primary.getSpec())
        .flatMap(spec -> Optional.ofNullable(spec.gateway()));
  }
}
