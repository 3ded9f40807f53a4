package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.Exposure.Gateway;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRouteBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteMatch;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteMatchBuilder;
import java.util.List;
import java.util.Optional;

/** The routes of Gateway API, where they are asked for and a host of them is free. */
public final class DesiredRoutes {
  private DesiredRoutes() {}

  /** Kind and name of the HTTPRoute, to find it by where none is wanted. */
  public static HTTPRoute httpNamed(Owner owner) {
    return new HTTPRouteBuilder()
        .withMetadata(Labels.metadata(owner, Names.workload(owner)))
        .build();
  }

  /** Kind and name of the GRPCRoute. */
  public static GRPCRoute grpcNamed(Owner owner) {
    return new GRPCRouteBuilder()
        .withMetadata(Labels.metadata(owner, Names.grpcRoute(owner)))
        .build();
  }

  /**
   * Leads each path of the hosts to the HTTP port of the Service.
   *
   * @param roots where the pods have their pages
   */
  public static Optional<HTTPRoute> http(ResolvedModelServer server, List<String> roots) {
    return server
        .exposure()
        .gateway()
        .filter(wanted -> !wanted.hostnames().isEmpty())
        .map(wanted -> http(server, wanted, roots));
  }

  /** Leads all of its hosts to the gRPC port of the Service. */
  public static Optional<GRPCRoute> grpc(ResolvedModelServer server) {
    return server
        .exposure()
        .gateway()
        .filter(wanted -> !wanted.grpcHostnames().isEmpty())
        .flatMap(
            wanted -> server.service().grpcPort().map(port -> grpc(server.owner(), wanted, port)));
  }

  private static HTTPRoute http(ResolvedModelServer server, Gateway wanted, List<String> roots) {
    return new HTTPRouteBuilder(httpNamed(server.owner()))
        .withNewSpec()
        .withParentRefs(wanted.parents())
        .withHostnames(wanted.hostnames())
        .addNewRule()
        .withMatches(wanted.paths(roots).stream().map(DesiredRoutes::prefix).toList())
        .withFilters(wanted.filters())
        .addNewBackendRef()
        .withName(Names.workload(server.owner()))
        .withPort(server.service().port())
        .endBackendRef()
        .endRule()
        .endSpec()
        .build();
  }

  private static GRPCRoute grpc(Owner owner, Gateway wanted, int port) {
    return new GRPCRouteBuilder(grpcNamed(owner))
        .withNewSpec()
        .withParentRefs(wanted.parents())
        .withHostnames(wanted.grpcHostnames())
        .addNewRule()
        .addNewBackendRef()
        .withName(Names.workload(owner))
        .withPort(port)
        .endBackendRef()
        .endRule()
        .endSpec()
        .build();
  }

  private static HTTPRouteMatch prefix(String path) {
    return new HTTPRouteMatchBuilder()
        .withNewPath()
        .withType("PathPrefix")
        .withValue(path)
        .endPath()
        .build();
  }
}
