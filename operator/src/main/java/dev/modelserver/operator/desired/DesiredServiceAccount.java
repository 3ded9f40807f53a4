package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;

/** The pods' own ServiceAccount: no rights, no token; its annotations may name a cloud identity. */
final class DesiredServiceAccount {
  private DesiredServiceAccount() {}

  static ServiceAccount of(ResolvedModelServer server) {
    ObjectMeta metadata =
        new ObjectMetaBuilder(Labels.metadata(server.owner(), Names.serviceAccount(server.owner())))
            .withAnnotations(server.workload().pod().serviceAccountAnnotations())
            .build();
    return new ServiceAccountBuilder()
        .withMetadata(metadata)
        .withAutomountServiceAccountToken(false)
        .build();
  }
}
