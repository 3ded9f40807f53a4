package dev.modelserver.operator.snapshot;

import dev.modelserver.operator.names.FieldManagers;
import dev.modelserver.operator.resolve.HostClaim;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What leads to a ModelServer from outside the cluster, each if the ModelServer controls it.
 *
 * @param taken hosts and paths of its spec that older ModelServers have
 */
public record Outside(
    Optional<Ingress> ingress,
    Optional<HTTPRoute> httpRoute,
    Optional<GRPCRoute> grpcRoute,
    Optional<BackendTLSPolicy> tlsPolicy,
    List<HostClaim.Taken> taken) {
  /** Before a controller that says nothing is told of. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Nothing. */
  public static final Outside NONE =
      new Outside(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  /** Whether a controller has had time to say something of an object as it is now. */
  public static boolean overdue(HasMetadata object, Instant now) {
    return !now.isBefore(deadline(object));
  }

  /** Whether an Ingress or a route leads from a path now. */
  public boolean leadsFrom(String path) {
    return Stream.of(ingress, httpRoute)
        .flatMap(Optional::stream)
        .flatMap(Places::of)
        .anyMatch(place -> place.path().filter(path::equals).isPresent());
  }

  /** When a controller that says nothing by then is to be told of. */
  public Optional<Duration> nextNotice(Instant now) {
    return Stream.of(ingress, httpRoute, grpcRoute, tlsPolicy)
        .flatMap(Optional::stream)
        .map(object -> Duration.between(now, deadline(object)))
        .filter(Duration::isPositive)
        .min(Comparator.naturalOrder());
  }

  /** From the last apply that changed it; a cache holds that entry of the managed fields alone. */
  private static Instant deadline(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return metadata.getManagedFields().stream()
        .filter(entry -> FieldManagers.OPERATOR.equals(entry.getManager()))
        .map(ManagedFieldsEntry::getTime)
        .filter(Objects::nonNull)
        .findFirst()
        .or(() -> Optional.ofNullable(metadata.getCreationTimestamp()))
        .map(time -> Instant.parse(time).plus(PATIENCE))
        .orElse(Instant.MIN);
  }
}
