package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Revision;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The CA certificates that the operator's configuration adds, beside a ModelServer whose pods mount
 * them. No part of a revision: a renewed certificate is there for each pod that starts, and no pod
 * is restarted for it.
 */
final class DesiredTrust {
  /** Key of the certificates, and name of the mounted file. */
  static final String FILE = "ca.crt";

  private DesiredTrust() {}

  /** Its name alone, to find it where it is not wanted any more. */
  static ConfigMap named(Owner owner) {
    return new ConfigMapBuilder().withMetadata(Labels.metadata(owner, Names.trust(owner))).build();
  }

  /**
   * The ConfigMap.
   *
   * @param revisions those that may run
   */
  static Optional<ConfigMap> of(ResolvedModelServer server, Collection<Revision> revisions) {
    return server
        .workload()
        .model()
        .defaultTrust()
        .filter(_ -> revisions.stream().anyMatch(DesiredTrust::mounted))
        .map(
            pem -> new ConfigMapBuilder(named(server.owner())).withData(Map.of(FILE, pem)).build());
  }

  private static boolean mounted(Revision revision) {
    return revision.template().getSpec().getVolumes().stream()
        .anyMatch(volume -> Volumes.DEFAULT_TRUST.equals(volume.getName()));
  }
}
