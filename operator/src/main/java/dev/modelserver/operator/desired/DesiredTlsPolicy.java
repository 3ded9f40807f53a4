package dev.modelserver.operator.desired;

import dev.modelserver.operator.api.v1alpha1.CaConfigMap;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.Exposure;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Encryption;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicyBuilder;
import java.util.Optional;

/** The BackendTLSPolicy, by which a Gateway speaks TLS to the pods. */
public final class DesiredTlsPolicy {
  private DesiredTlsPolicy() {}

  /** Its kind and name, to find it by where none is wanted. */
  public static BackendTLSPolicy named(Owner owner) {
    return new BackendTLSPolicyBuilder()
        .withMetadata(Labels.metadata(owner, Names.workload(owner)))
        .build();
  }

  /**
   * For all ports of the Service. None as long as a pod speaks no TLS: a Gateway that reached it
   * would fail.
   */
  public static Optional<BackendTLSPolicy> of(ResolvedModelServer server, Encryption encryption) {
    return server
        .exposure()
        .gateway()
        .flatMap(Exposure.Gateway::ca)
        .filter(_ -> encryption != Encryption.NONE)
        .map(ca -> of(server.owner(), ca));
  }

  private static BackendTLSPolicy of(Owner owner, CaConfigMap ca) {
    return new BackendTLSPolicyBuilder(named(owner))
        .withNewSpec()
        .addNewTargetRef()
        .withGroup("")
        .withKind("Service")
        .withName(Names.workload(owner))
        .endTargetRef()
        .withNewValidation()
        .addNewCaCertificateRef()
        .withGroup("")
        .withKind("ConfigMap")
        .withName(ca.name())
        .endCaCertificateRef()
        .withHostname(Names.hosts(owner).getFirst())
        .endValidation()
        .endSpec()
        .build();
  }
}
