package dev.modelserver.operator.snapshot;

import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.resolve.HostClaim.Way;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPPathMatch;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteMatch;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteSpec;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The hosts and paths that an object leads from. */
public final class Places {
  private Places() {}

  /** Of an Ingress or a route; none of another object. */
  public static Stream<HostClaim> of(HasMetadata object) {
    return switch (object) {
      case Ingress ingress ->
          Optional.ofNullable(ingress.getSpec()).stream()
              .flatMap(spec -> spec.getRules().stream())
              .filter(rule -> rule.getHost() != null)
              .flatMap(rule -> places(Way.INGRESS, rule.getHost(), paths(rule)));
      case HTTPRoute route ->
          Optional.ofNullable(route.getSpec()).stream()
              .flatMap(
                  spec ->
                      spec.getHostnames().stream()
                          .flatMap(host -> places(Way.HTTP_ROUTE, host, paths(spec))));
      case GRPCRoute route ->
          Optional.ofNullable(route.getSpec()).stream()
              .flatMap(spec -> spec.getHostnames().stream())
              .map(host -> HostClaim.of(Way.GRPC_ROUTE, host, null));
      default -> Stream.empty();
    };
  }

  private static Stream<HostClaim> places(Way way, String host, List<String> paths) {
    return paths.isEmpty()
        ? Stream.of(HostClaim.of(way, host, null))
        : paths.stream().map(path -> HostClaim.of(way, host, path));
  }

  private static List<String> paths(IngressRule rule) {
    return rule.getHttp() == null
        ? List.of()
        : rule.getHttp().getPaths().stream()
            .map(HTTPIngressPath::getPath)
            .filter(Objects::nonNull)
            .toList();
  }

  private static List<String> paths(HTTPRouteSpec spec) {
    return spec.getRules().stream()
        .flatMap(rule -> rule.getMatches().stream())
        .map(HTTPRouteMatch::getPath)
        .filter(Objects::nonNull)
        .map(HTTPPathMatch::getValue)
        .filter(Objects::nonNull)
        .toList();
  }
}
