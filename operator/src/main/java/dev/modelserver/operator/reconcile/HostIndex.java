package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.snapshot.Places;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which ModelServers ask for a host. The others are reconciled again when one of them releases a
 * host or a path of it, or takes a host that a younger ModelServer had.
 *
 * @param byHost those that ask for a host
 * @param byId a ModelServer, if there is one
 */
record HostIndex(
    Function<String, List<ModelServer>> byHost, Function<ResourceID, Optional<ModelServer>> byId) {
  private static final String NAME = "host";

  /** Of a cache that is not started yet. */
  static HostIndex of(IndexerResourceCache<ModelServer> primaries) {
    primaries.addIndexer(NAME, server -> hosts(server).toList());
    return new HostIndex(host -> primaries.byIndex(NAME, host), primaries::get);
  }

  /** Those that ask for a host of this one, itself among them. */
  Stream<ModelServer> sharing(ModelServer server) {
    return hosts(server).flatMap(host -> byHost.apply(host).stream());
  }

  /** Those that may get what the owner of an Ingress or a route does not ask for any more. */
  Set<ResourceID> waiting(HasMetadata object) {
    List<HostClaim> led = Places.of(object).toList();
    if (led.isEmpty()) {
      return Set.of();
    }
    Set<HostClaim> kept =
        Labels.value(object, Labels.NAME)
            .flatMap(name -> byId.apply(new ResourceID(name, object.getMetadata().getNamespace())))
            .stream()
            .flatMap(owner -> HostClaim.of(owner).stream())
            .collect(Collectors.toSet());
    return ids(led.stream().filter(place -> kept.stream().noneMatch(place::overlaps)));
  }

  /**
   * Those that a change of a ModelServer's hosts concerns.
   *
   * @param before the hosts and paths that it had
   * @param after the hosts and paths that it has now
   */
  Set<ResourceID> concerned(ModelServer server, Set<HostClaim> before, Set<HostClaim> after) {
    Set<HostClaim> moved = new HashSet<>(before);
    moved.addAll(after);
    moved.removeIf(place -> before.contains(place) && after.contains(place));
    Set<ResourceID> all = ids(moved.stream());
    all.remove(ResourceID.fromResource(server));
    return all;
  }

  private Set<ResourceID> ids(Stream<HostClaim> places) {
    return places
        .flatMap(
            place ->
                byHost.apply(place.host()).stream()
                    .filter(server -> HostClaim.of(server).stream().anyMatch(place::overlaps)))
        .map(ResourceID::fromResource)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Stream<String> hosts(ModelServer server) {
    return HostClaim.of(server).stream().map(HostClaim::host).distinct();
  }
}
