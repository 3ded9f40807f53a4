package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.CaConfigMap;
import dev.modelserver.operator.api.v1alpha1.GatewayOptions;
import dev.modelserver.operator.api.v1alpha1.IngressOptions;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.Server;
import dev.modelserver.operator.api.v1alpha1.ServerTls;
import dev.modelserver.operator.resolve.Exposure.Gateway;
import dev.modelserver.operator.resolve.Exposure.Ingress;
import dev.modelserver.operator.resolve.ResolvedModelServer.Service;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteFilter;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Ingress and the routes of Gateway API, where they are asked for. */
final class ExposureResolver {
  /** The key that Gateway API demands of every implementation. */
  private static final String CA_KEY = "ca.crt";

  private ExposureResolver() {}

  static Exposure resolve(ModelServerSpec spec, Service service) {
    Optional<String> prefix = ServerPaths.prefix(spec.server());
    return new Exposure(
        Optional.ofNullable(spec.ingress()).map(wanted -> ingress(wanted, prefix)),
        Optional.ofNullable(spec.gateway())
            .map(wanted -> gateway(wanted, service, ca(spec), prefix)),
        prefix.orElse(HostClaim.ROOT),
        List.of());
  }

  private static Ingress ingress(IngressOptions wanted, Optional<String> prefix) {
    return new Ingress(
        Optional.ofNullable(wanted.className()),
        requireNonNullElse(wanted.hosts(), List.of()),
        ServerPaths.named("spec.ingress.paths", wanted.paths(), prefix),
        Optional.ofNullable(wanted.tls()).map(tls -> tls.secretName()),
        requireNonNullElse(wanted.annotations(), Map.of()));
  }

  private static Optional<CaConfigMap> ca(ModelServerSpec spec) {
    Optional<CaConfigMap> ca =
        Optional.ofNullable(spec.server()).map(Server::tls).map(ServerTls::caConfigMap);
    ca.filter(wanted -> !wanted.key().equals(CA_KEY))
        .ifPresent(
            wanted -> {
              throw new IllegalArgumentException(
                  "spec.server.tls.caConfigMap.key \"%s\" must be %s beside spec.gateway: a BackendTLSPolicy has no other key"
                      .formatted(wanted.key(), CA_KEY));
            });
    return ca;
  }

  private static Gateway gateway(
      GatewayOptions wanted, Service service, Optional<CaConfigMap> ca, Optional<String> prefix) {
    if (wanted.grpc() != null && service.grpcPort().isEmpty()) {
      throw new IllegalArgumentException(
          "spec.gateway.grpc needs a port for gRPC: set spec.service.grpc.enabled to true, or remove spec.gateway.grpc");
    }
    return new Gateway(
        Typed.all(wanted.parentRefs(), ParentReference.class),
        requireNonNullElse(wanted.hostnames(), List.of()),
        ServerPaths.named("spec.gateway.paths", wanted.paths(), prefix),
        Typed.all(wanted.filters(), HTTPRouteFilter.class),
        wanted.grpc() != null,
        Optional.ofNullable(wanted.grpc()).map(grpc -> grpc.hostnames()).orElse(List.of()),
        ca);
  }
}
