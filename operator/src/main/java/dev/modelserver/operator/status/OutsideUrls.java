package dev.modelserver.operator.status;

import dev.modelserver.operator.api.v1alpha1.ExternalUrls;
import dev.modelserver.operator.resolve.Exposure;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.resolve.HostClaim.Way;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses outside the cluster. The scheme and the port of a Gateway are its listener's, which
 * the operator does not read: they are told as far as a parentRef names the port.
 */
final class OutsideUrls {
  private static final int MOST = 64;

  private OutsideUrls() {}

  /** Nothing where nobody outside can reach the ModelServer. */
  static @Nullable ExternalUrls of(Situation s) {
    Exposure exposure = s.server().exposure();
    List<String> roots = s.plan().roots();
    List<String> http =
        Stream.concat(
                exposure.ingress().filter(_ -> ExposedVerdict.open(s, Way.INGRESS)).stream()
                    .flatMap(wanted -> ingress(wanted, roots)),
                exposure.gateway().filter(_ -> ExposedVerdict.open(s, Way.HTTP_ROUTE)).stream()
                    .flatMap(wanted -> http(wanted, roots)))
            .distinct()
            .limit(MOST)
            .toList();
    List<String> grpc =
        exposure.gateway().filter(_ -> ExposedVerdict.open(s, Way.GRPC_ROUTE)).stream()
            .flatMap(OutsideUrls::grpc)
            .distinct()
            .limit(MOST)
            .toList();
    return http.isEmpty() && grpc.isEmpty()
        ? null
        : new ExternalUrls(http.isEmpty() ? null : http, grpc.isEmpty() ? null : grpc);
  }

  private static Stream<String> ingress(Exposure.Ingress wanted, List<String> roots) {
    String scheme = wanted.tlsSecret().isPresent() ? "https://" : "http://";
    return wanted.hosts().stream()
        .flatMap(host -> wanted.paths(roots).stream().map(path -> scheme + host + tail(path)));
  }

  private static Stream<String> http(Exposure.Gateway wanted, List<String> roots) {
    return ports(wanted)
        .flatMap(
            port ->
                wanted.hostnames().stream()
                    .flatMap(
                        host ->
                            wanted.paths(roots).stream()
                                .map(path -> authority(host, port) + tail(path))));
  }

  private static Stream<String> grpc(Exposure.Gateway wanted) {
    return ports(wanted)
        .flatMap(
            port ->
                wanted.grpcHostnames().stream()
                    .map(host -> host + port.map(number -> ":" + number).orElse("")));
  }

  private static String authority(String host, Optional<Integer> port) {
    return switch (port.orElse(0)) {
      case 0 -> "//" + host;
      case 80 -> "http://" + host;
      case 443 -> "https://" + host;
      default -> "//" + host + ":" + port.orElseThrow();
    };
  }

  private static Stream<Optional<Integer>> ports(Exposure.Gateway wanted) {
    return wanted.parents().stream()
        .map(ParentReference::getPort)
        .map(Optional::ofNullable)
        .distinct();
  }

  private static String tail(String path) {
    return path.equals(HostClaim.ROOT) ? "" : path;
  }
}
