package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.Exposure;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLSBuilder;
import java.util.List;
import java.util.Optional;

/** The Ingress, where one is asked for and a host of it is free. */
public final class DesiredIngress {
  private DesiredIngress() {}

  /** Its kind and name, to find it by where none is wanted. */
  public static Ingress named(Owner owner) {
    return new IngressBuilder().withMetadata(Labels.metadata(owner, Names.workload(owner))).build();
  }

  /**
   * Leads each host and path to port `http` of the Service.
   *
   * @param roots where the pods have their pages
   */
  public static Optional<Ingress> of(ResolvedModelServer server, List<String> roots) {
    return server
        .exposure()
        .ingress()
        .filter(wanted -> !wanted.hosts().isEmpty())
        .map(wanted -> ingress(server, wanted, roots));
  }

  private static Ingress ingress(
      ResolvedModelServer server, Exposure.Ingress wanted, List<String> roots) {
    ObjectMeta metadata = Labels.metadata(server.owner(), Names.workload(server.owner()));
    metadata.setAnnotations(wanted.annotations());
    List<HTTPIngressPath> paths =
        wanted.paths(roots).stream().map(path -> path(server.owner(), path)).toList();
    return new IngressBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withIngressClassName(wanted.className().orElse(null))
        .withRules(wanted.hosts().stream().map(host -> rule(host, paths)).toList())
        .withTls(
            wanted.tlsSecret().stream()
                .map(
                    secret ->
                        new IngressTLSBuilder()
                            .withHosts(wanted.hosts())
                            .withSecretName(secret)
                            .build())
                .toList())
        .endSpec()
        .build();
  }

  private static IngressRule rule(String host, List<HTTPIngressPath> paths) {
    return new IngressRuleBuilder().withHost(host).withNewHttp().withPaths(paths).endHttp().build();
  }

  private static HTTPIngressPath path(Owner owner, String path) {
    return new HTTPIngressPathBuilder()
        .withPath(path)
        .withPathType("Prefix")
        .withNewBackend()
        .withNewService()
        .withName(Names.workload(owner))
        .withNewPort()
        .withName(Ports.HTTP)
        .endPort()
        .endService()
        .endBackend()
        .build();
  }
}
