package dev.modelserver.operator.status;

import dev.modelserver.operator.desired.DesiredRoutes;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.Exposure;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.resolve.HostClaim.Way;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRouteStatus;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteStatus;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.RouteParentStatus;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The condition `Exposed`: what the controllers say of the Ingress and the routes. */
final class ExposedVerdict {
  private static final int MOST_CONFLICTS = 5;

  private ExposedVerdict() {}

  /** Nothing where neither an Ingress nor routes are asked for, and none is left. */
  static Optional<Verdict> of(Situation s) {
    List<Finding> all =
        Stream.concat(
                Stream.of(Way.values()).flatMap(way -> findings(s, way).stream()),
                TlsPolicyReport.of(s).stream())
            .sorted(Comparator.comparing(Finding::standing))
            .toList();
    return all.stream()
        .findFirst()
        .map(
            worst ->
                worst.verdict(
                    ConditionType.EXPOSED,
                    all.stream().map(Finding::sentence).collect(Collectors.joining(". "))));
  }

  /** Whether requests may come this way, as far as anybody says. */
  static boolean open(Situation s, Way way) {
    return s.refusalOf(kind(way)).isEmpty()
        && controllers(s, way).stream().anyMatch(f -> f.standing() != Finding.Standing.BAD);
  }

  private static List<Finding> findings(Situation s, Way way) {
    List<Finding> all = new ArrayList<>();
    s.refusalOf(kind(way)).map(r -> Finding.bad(r.reason(), r.message())).ifPresent(all::add);
    conflicts(s, way).ifPresent(all::add);
    if (all.stream().noneMatch(f -> f.reason() != Reason.HOST_CONFLICT)) {
      all.addAll(controllers(s, way));
    }
    return all;
  }

  private static Optional<Finding> conflicts(Situation s, Way way) {
    List<HostClaim.Taken> taken =
        s.server().exposure().taken().stream().filter(t -> t.claim().way() == way).toList();
    return taken.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.bad(
                Reason.HOST_CONFLICT,
                "%s%s: choose another host or path; the %s has no rule for %s until it is free"
                    .formatted(
                        taken.stream()
                            .limit(MOST_CONFLICTS)
                            .map(ExposedVerdict::conflict)
                            .collect(Collectors.joining("; ")),
                        taken.size() > MOST_CONFLICTS
                            ? "; and %d more".formatted(taken.size() - MOST_CONFLICTS)
                            : "",
                        kind(way).getSimpleName(),
                        taken.stream()
                            .map(t -> t.claim().host())
                            .distinct()
                            .limit(MOST_CONFLICTS)
                            .collect(Collectors.joining(", ")))));
  }

  private static String conflict(HostClaim.Taken taken) {
    return "%s is used by %s"
        .formatted(
            taken.claim().place(),
            taken
                .by()
                .map(name -> "ModelServer %s, which is older".formatted(name))
                .orElse("an older ModelServer of another namespace"));
  }

  /** What the controllers say of this way; nothing where no host is left to lead here. */
  private static List<Finding> controllers(Situation s, Way way) {
    Outside seen = s.observed().outside();
    Exposure wanted = s.server().exposure();
    return switch (way) {
      case INGRESS ->
          wanted
              .ingress()
              .filter(i -> !i.hosts().isEmpty())
              .map(i -> List.of(IngressReport.of(s, i)))
              .orElse(List.of());
      case HTTP_ROUTE ->
          wanted
              .gateway()
              .filter(g -> !g.hostnames().isEmpty())
              .map(
                  g ->
                      RouteReport.of(
                          s,
                          DesiredRoutes.httpNamed(s.server().owner()),
                          g,
                          seen.httpRoute(),
                          seen.httpRoute()
                              .map(HTTPRoute::getStatus)
                              .map(HTTPRouteStatus::getParents)
                              .orElse(List.of())))
              .orElse(List.of());
      case GRPC_ROUTE ->
          wanted
              .gateway()
              .filter(g -> !g.grpcHostnames().isEmpty())
              .map(
                  g ->
                      RouteReport.of(
                          s,
                          DesiredRoutes.grpcNamed(s.server().owner()),
                          g,
                          seen.grpcRoute(),
                          seen.grpcRoute()
                              .map(GRPCRoute::getStatus)
                              .<List<RouteParentStatus>>map(GRPCRouteStatus::getParents)
                              .orElse(List.of())))
              .orElse(List.of());
    };
  }

  private static Class<? extends HasMetadata> kind(Way way) {
    return switch (way) {
      case INGRESS -> Ingress.class;
      case HTTP_ROUTE -> HTTPRoute.class;
      case GRPC_ROUTE -> GRPCRoute.class;
    };
  }
}
