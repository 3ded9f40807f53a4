package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Encryption;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Service in front of the pods, and the headless one beside it. */
final class DesiredService {
  private DesiredService() {}

  static Service of(ResolvedModelServer server, Encryption encryption) {
    ResolvedModelServer.Service wanted = server.service();
    return new ServiceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(metadata(server, Names.workload(server.owner())))
                .withAnnotations(wanted.annotations())
                .build())
        .withNewSpec()
        .withType(wanted.type().word())
        .withSessionAffinity(wanted.sessionAffinity().word())
        .withSelector(Labels.serviceSelector(server.owner()))
        .withPorts(ports(wanted, encryption))
        .withLoadBalancerClass(wanted.loadBalancerClass().orElse(null))
        .withLoadBalancerSourceRanges(wanted.loadBalancerSourceRanges())
        .withExternalTrafficPolicy(wanted.externalTrafficPolicy().orElse(null))
        .withTrafficDistribution(wanted.trafficDistribution().orElse(null))
        .withIpFamilyPolicy(wanted.ipFamilyPolicy().orElse(null))
        .endSpec()
        .build();
  }

  /** The addresses of the pods under one name, for clients that balance themselves. */
  static Optional<Service> headless(ResolvedModelServer server, Encryption encryption) {
    ResolvedModelServer.Service wanted = server.service();
    if (!wanted.headless()) {
      return Optional.empty();
    }
    ObjectMeta metadata = metadata(server, Names.headless(server.owner()));
    metadata.getLabels().put(Labels.SERVICE, Labels.HEADLESS);
    return Optional.of(
        new ServiceBuilder()
            .withMetadata(metadata)
            .withNewSpec()
            .withType("ClusterIP")
            .withClusterIP("None")
            .withSelector(Labels.serviceSelector(server.owner()))
            .withPorts(ports(wanted, encryption))
            .withIpFamilyPolicy(wanted.ipFamilyPolicy().orElse(null))
            .endSpec()
            .build());
  }

  /** Its name alone, to find it where it is not wanted any more. */
  static Service headlessNamed(Owner owner) {
    return new ServiceBuilder().withMetadata(Labels.metadata(owner, Names.headless(owner))).build();
  }

  private static ObjectMeta metadata(ResolvedModelServer server, String name) {
    ObjectMeta metadata = Labels.metadata(server.owner(), name);
    server.service().labels().forEach(metadata.getLabels()::putIfAbsent);
    return metadata;
  }

  private static List<ServicePort> ports(
      ResolvedModelServer.Service wanted, Encryption encryption) {
    return Stream.concat(
            Stream.of(port(Ports.HTTP, wanted.port(), encryption)),
            wanted.grpcPort().map(number -> port(Ports.GRPC, number, encryption)).stream())
        .toList();
  }

  private static ServicePort port(String name, int number, Encryption encryption) {
    return new ServicePortBuilder()
        .withName(name)
        .withPort(number)
        .withNewTargetPort(name)
        .withProtocol("TCP")
        .withAppProtocol(protocol(name, encryption))
        .build();
  }

  /** What proxies speak that know no more than the Service. */
  private static @Nullable String protocol(String name, Encryption encryption) {
    if (encryption == Encryption.REQUIRED) {
      return "https";
    }
    return name.equals(Ports.GRPC) ? "kubernetes.io/h2c" : null;
  }
}
