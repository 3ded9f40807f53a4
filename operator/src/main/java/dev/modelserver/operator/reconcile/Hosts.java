package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.desired.OptionalObject;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.snapshot.Outside;
import dev.modelserver.operator.snapshot.Places;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The hosts and paths that objects lead to a ModelServer from. */
final class Hosts {
  private Hosts() {}

  /** Those that a ModelServer has now. */
  static Set<HostClaim> of(Outside seen) {
    return Stream.of(seen.ingress(), seen.httpRoute(), seen.grpcRoute())
        .flatMap(Optional::stream)
        .flatMap(Places::of)
        .collect(Collectors.toSet());
  }

  /** Those that it shall have. */
  static Set<HostClaim> of(DesiredObjects wanted) {
    return wanted.optional().stream()
        .map(OptionalObject::wanted)
        .flatMap(Optional::stream)
        .flatMap(Places::of)
        .collect(Collectors.toSet());
  }
}
