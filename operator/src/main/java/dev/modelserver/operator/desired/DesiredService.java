package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

/** The Service in front of the pods. */
final class DesiredService {
  private DesiredService() {}

  static Service of(ResolvedModelServer server) {
    ResolvedModelServer.Service wanted = server.service();
    ObjectMeta metadata =
        new ObjectMetaBuilder(Labels.metadata(server.owner(), Names.workload(server.owner())))
            .withAnnotations(wanted.annotations())
            .build();
    return new ServiceBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withType(wanted.type().word())
        .withSessionAffinity(wanted.sessionAffinity().word())
        .withSelector(Labels.serviceSelector(server.owner()))
        .withPorts(port(Ports.HTTP, wanted.port()), port(Ports.GRPC, Ports.GRPC_NUMBER))
        .endSpec()
        .build();
  }

  private static ServicePort port(String name, int number) {
    return new ServicePortBuilder()
        .withName(name)
        .withPort(number)
        .withNewTargetPort(name)
        .withProtocol("TCP")
        .withAppProtocol(name.equals(Ports.GRPC) ? "kubernetes.io/h2c" : null)
        .build();
  }
}
