package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.desired.OptionalObject;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The hosts that objects lead to a ModelServer from. */
final class Hosts {
  private Hosts() {}

  /** Of an Ingress or a route; none of another object. */
  static Stream<String> of(HasMetadata object) {
    Stream<String> hosts =
        switch (object) {
          case Ingress ingress ->
              Optional.ofNullable(ingress.getSpec()).stream()
                  .flatMap(spec -> spec.getRules().stream())
                  .map(IngressRule::getHost);
          case HTTPRoute route ->
              Optional.ofNullable(route.getSpec()).stream()
                  .flatMap(spec -> spec.getHostnames().stream());
          case GRPCRoute route ->
              Optional.ofNullable(route.getSpec()).stream()
                  .flatMap(spec -> spec.getHostnames().stream());
          default -> Stream.empty();
        };
    return hosts.filter(Objects::nonNull);
  }

  /** Those that a ModelServer has now. */
  static Set<String> of(Outside seen) {
    return Stream.of(seen.ingress(), seen.httpRoute(), seen.grpcRoute())
        .flatMap(Optional::stream)
        .flatMap(Hosts::of)
        .collect(Collectors.toSet());
  }

  /** Those that it shall have. */
  static Set<String> of(DesiredObjects wanted) {
    return wanted.optional().stream()
        .map(OptionalObject::wanted)
        .flatMap(Optional::stream)
        .flatMap(Hosts::of)
        .collect(Collectors.toSet());
  }
}
