package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.CaConfigMap;
import dev.modelserver.operator.resolve.HostClaim.Taken;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteFilter;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a ModelServer is reached from outside the cluster.
 *
 * @param ingress the Ingress, if one is asked for
 * @param gateway the routes of Gateway API, if they are asked for
 * @param root the path where none is named: the prefix of the server, or /
 * @param taken claims of the spec that an older ModelServer has; their hosts are in neither
 */
public record Exposure(
    Optional<Ingress> ingress, Optional<Gateway> gateway, String root, List<Taken> taken) {
  /** Inside the cluster alone. */
  public static final Exposure NONE =
      new Exposure(Optional.empty(), Optional.empty(), HostClaim.ROOT, List.of());

  /**
   * An Ingress.
   *
   * @param hosts those that are free
   * @param paths prefixes; none: the root, or those of the pods
   * @param tlsSecret name of the Secret with the certificate
   */
  public record Ingress(
      Optional<String> className,
      List<String> hosts,
      List<String> paths,
      Optional<String> tlsSecret,
      Map<String, String> annotations) {
    /** The prefixes that lead to pods with these roots. */
    public List<String> paths(List<String> roots) {
      return paths.isEmpty() ? roots : paths;
    }
  }

  /**
   * An HTTPRoute and a GRPCRoute.
   *
   * @param parents what takes them up
   * @param hostnames those of the HTTPRoute that are free
   * @param paths prefixes of the HTTPRoute; none: the root, or those of the pods
   * @param filters of the HTTPRoute
   * @param grpc whether a GRPCRoute is asked for
   * @param grpcHostnames those of the GRPCRoute that are free
   * @param ca the CA certificates of the pods' certificate, where a Gateway shall speak TLS to them
   */
  public record Gateway(
      List<ParentReference> parents,
      List<String> hostnames,
      List<String> paths,
      List<HTTPRouteFilter> filters,
      boolean grpc,
      List<String> grpcHostnames,
      Optional<CaConfigMap> ca) {
    /** The prefixes of the HTTPRoute that lead to pods with these roots. */
    public List<String> paths(List<String> roots) {
      return paths.isEmpty() ? roots : paths;
    }
  }

  /** The same without the hosts that an older ModelServer has. */
  public Exposure without(List<Taken> others) {
    return others.isEmpty()
        ? this
        : new Exposure(
            ingress.map(
                i ->
                    new Ingress(
                        i.className(),
                        free(i.hosts(), HostClaim.Way.INGRESS, others),
                        i.paths(),
                        i.tlsSecret(),
                        i.annotations())),
            gateway.map(
                g ->
                    new Gateway(
                        g.parents(),
                        free(g.hostnames(), HostClaim.Way.HTTP_ROUTE, others),
                        g.paths(),
                        g.filters(),
                        g.grpc(),
                        free(g.grpcHostnames(), HostClaim.Way.GRPC_ROUTE, others),
                        g.ca())),
            root,
            others);
  }

  /** A host of which one path is taken is left out whole: a route has the same paths for all. */
  private static List<String> free(List<String> hosts, HostClaim.Way way, List<Taken> others) {
    return hosts.stream()
        .filter(
            host ->
                others.stream()
                    .map(Taken::claim)
                    .noneMatch(claim -> claim.way() == way && claim.host().equals(host)))
        .toList();
  }
}
