package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.GatewayOptions;
import dev.modelserver.operator.api.v1alpha1.IngressOptions;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.Server;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host and path that a ModelServer asks for outside the cluster. Of two that ask for the same,
 * the older one has it; another path of the same host is another claim.
 *
 * @param way the object that leads there
 * @param host as it is written; a wildcard is a host of its own
 * @param path a prefix without a slash at its end; empty: all of the host, as a GRPCRoute has it
 */
public record HostClaim(Way way, String host, Optional<String> path) {
  /** Every path. */
  public static final String ROOT = "/";

  private static final Comparator<ModelServer> AGE =
      Comparator.comparing(
              (ModelServer server) -> text(server.getMetadata().getCreationTimestamp()))
          .thenComparing(server -> text(server.getMetadata().getNamespace()))
          .thenComparing(server -> text(server.getMetadata().getName()));

  /** The objects that lead to a ModelServer. */
  public enum Way {
    INGRESS,
    HTTP_ROUTE,
    GRPC_ROUTE
  }

  /**
   * A claim that an older ModelServer has.
   *
   * @param by its name; empty where it is of another namespace, which is not told
   */
  public record Taken(HostClaim claim, Optional<String> by) {}

  /**
   * What a ModelServer asks for, as far as it can be read; nothing of one that is being deleted.
   */
  public static List<HostClaim> of(ModelServer server) {
    ModelServerSpec spec = server.getSpec();
    if (spec == null || server.getMetadata().getDeletionTimestamp() != null) {
      return List.of();
    }
    List<HostClaim> claims = new ArrayList<>();
    Server options = spec.server();
    String prefix = options == null ? null : options.pathPrefix();
    IngressOptions ingress = spec.ingress();
    if (ingress != null) {
      add(claims, Way.INGRESS, ingress.hosts(), paths(ingress.paths(), prefix));
    }
    GatewayOptions gateway = spec.gateway();
    if (gateway != null) {
      add(claims, Way.HTTP_ROUTE, gateway.hostnames(), paths(gateway.paths(), prefix));
      if (gateway.grpc() != null) {
        some(gateway.grpc().hostnames())
            .forEach(host -> claims.add(new HostClaim(Way.GRPC_ROUTE, host, Optional.empty())));
      }
    }
    return List.copyOf(claims);
  }

  /** The claims of a ModelServer that an older one has. */
  public static List<Taken> taken(ModelServer server, Stream<ModelServer> others) {
    List<HostClaim> claims = of(server);
    List<ModelServer> older =
        claims.isEmpty()
            ? List.of()
            : others
                .filter(other -> !same(server, other))
                .filter(other -> AGE.compare(other, server) < 0)
                .sorted(AGE)
                .toList();
    return claims.stream()
        .flatMap(
            claim ->
                older.stream()
                    .filter(other -> of(other).stream().anyMatch(claim::overlaps))
                    .findFirst()
                    .map(other -> new Taken(claim, named(server, other)))
                    .stream())
        .toList();
  }

  /** Whether both lead to the same place. */
  public boolean overlaps(HostClaim other) {
    return host.equals(other.host)
        && (path.isEmpty() || other.path.isEmpty() || path.equals(other.path));
  }

  /** Host and path, for people. */
  public String place() {
    return host + path.filter(p -> !p.equals(ROOT)).orElse("");
  }

  private static Optional<String> named(ModelServer server, ModelServer other) {
    return text(server.getMetadata().getNamespace())
            .equals(text(other.getMetadata().getNamespace()))
        ? Optional.of(other.getMetadata().getName())
        : Optional.empty();
  }

  private static boolean same(ModelServer one, ModelServer other) {
    ObjectMeta a = one.getMetadata();
    ObjectMeta b = other.getMetadata();
    return text(a.getName()).equals(text(b.getName()))
        && text(a.getNamespace()).equals(text(b.getNamespace()));
  }

  private static void add(
      List<HostClaim> claims, Way way, @Nullable List<String> hosts, List<String> paths) {
    for (String host : some(hosts)) {
      paths.forEach(path -> claims.add(new HostClaim(way, host, Optional.of(trimmed(path)))));
    }
  }

  /** The prefixes that are asked for: that of the server or everything, where none is named. */
  private static List<String> paths(@Nullable List<String> wanted, @Nullable String prefix) {
    return some(wanted).isEmpty() ? List.of(prefix == null ? ROOT : prefix) : some(wanted);
  }

  /** A place that an object leads from; no path: all of the host. */
  public static HostClaim of(Way way, String host, @Nullable String path) {
    return new HostClaim(way, host, Optional.ofNullable(path).map(HostClaim::trimmed));
  }

  /** As a prefix, /a/ is the same as /a. */
  private static String trimmed(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static List<String> some(@Nullable List<String> all) {
    return all == null ? List.of() : all;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
