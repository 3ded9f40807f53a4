package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.EndpointState;
import dev.modelserver.operator.api.v1alpha1.GrpcPort;
import dev.modelserver.operator.api.v1alpha1.ServiceOptions;
import dev.modelserver.operator.api.v1alpha1.ServiceType;
import dev.modelserver.operator.api.v1alpha1.SessionAffinity;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.ResolvedModelServer.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Services in front of the pods. */
final class ServiceResolver {
  private static final int HTTP_PORT = 80;
  private static final ServiceOptions NOTHING =
      new ServiceOptions(null, null, null, null, null, null, null, null, null, null, null, null);

  private ServiceResolver() {}

  static Service resolve(@Nullable ServiceOptions wanted) {
    ServiceOptions s = wanted == null ? NOTHING : wanted;
    ServiceType type = requireNonNullElse(s.type(), ServiceType.CLUSTER_IP);
    requireBalancer(type, s);
    int http = requireNonNullElse(s.port(), HTTP_PORT);
    Optional<Integer> grpc = grpcPort(s.grpc());
    if (grpc.filter(port -> port == http).isPresent()) {
      throw new IllegalArgumentException(
          "spec.service.port %d is the gRPC port too: choose another for HTTP, for example 80, or another spec.service.grpc.port"
              .formatted(http));
    }
    return new Service(
        type,
        http,
        requireNonNullElse(s.sessionAffinity(), SessionAffinity.NONE),
        requireNonNullElse(s.annotations(), Map.of()),
        Placement.free(
            "spec.service.labels",
            requireNonNullElse(s.labels(), Map.of()),
            "modelserver.dev/",
            "app.kubernetes.io/"),
        grpc,
        s.headless() == EndpointState.ENABLED,
        Optional.ofNullable(s.loadBalancerClass()),
        requireNonNullElse(s.loadBalancerSourceRanges(), List.of()),
        Typed.maybe(s.externalTrafficPolicy(), String.class),
        Typed.maybe(s.trafficDistribution(), String.class),
        Typed.maybe(s.ipFamilyPolicy(), String.class));
  }

  private static Optional<Integer> grpcPort(@Nullable GrpcPort wanted) {
    if (wanted == null) {
      return Optional.of(Ports.GRPC_NUMBER);
    }
    return Boolean.FALSE.equals(wanted.enabled())
        ? Optional.empty()
        : Optional.of(requireNonNullElse(wanted.port(), Ports.GRPC_NUMBER));
  }

  private static void requireBalancer(ServiceType type, ServiceOptions s) {
    boolean balanced = type == ServiceType.LOAD_BALANCER;
    require(balanced, "loadBalancerClass", s.loadBalancerClass(), "LoadBalancer");
    boolean ranges =
        s.loadBalancerSourceRanges() != null && !s.loadBalancerSourceRanges().isEmpty();
    require(
        balanced,
        "loadBalancerSourceRanges",
        ranges ? s.loadBalancerSourceRanges() : null,
        "LoadBalancer");
    require(
        type != ServiceType.CLUSTER_IP,
        "externalTrafficPolicy",
        Typed.maybe(s.externalTrafficPolicy(), String.class).orElse(null),
        "NodePort or LoadBalancer");
  }

  private static void require(boolean fits, String field, @Nullable Object value, String types) {
    if (value != null && !fits) {
      throw new IllegalArgumentException(
          "spec.service.%s \"%s\" needs type %s: set spec.service.type, or remove it"
              .formatted(field, value, types));
    }
  }
}
