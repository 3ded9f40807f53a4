package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Network;
import dev.modelserver.operator.revision.Revision;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The NetworkPolicy of all pods, where one is asked for. The port of the probes is in no rule: a
 * pod's own node always reaches it. Ports are numbers, because not every network plugin knows
 * names.
 */
final class DesiredNetworkPolicy {
  private static final NetworkPolicyPeer SAME_NAMESPACE =
      new NetworkPolicyPeerBuilder().withPodSelector(new LabelSelectorBuilder().build()).build();
  private static final NetworkPolicyPeer EVERY_POD =
      new NetworkPolicyPeerBuilder()
          .withNamespaceSelector(new LabelSelectorBuilder().build())
          .build();
  private static final NetworkPolicyPeer PROMETHEUS =
      new NetworkPolicyPeerBuilder()
          .withNamespaceSelector(new LabelSelectorBuilder().build())
          .withPodSelector(
              new LabelSelectorBuilder()
                  .addToMatchLabels("app.kubernetes.io/name", "prometheus")
                  .build())
          .build();

  /**
   * Every address but link-local ones, where clouds hand out credentials. Pods are named beside
   * them: some plugins count no pod among the addresses.
   */
  private static final List<NetworkPolicyPeer> ANYWHERE =
      List.of(EVERY_POD, block("0.0.0.0/0", "169.254.0.0/16"), block("::/0", "fe80::/10"));

  /** To any address: node-local caches have a link-local one. */
  private static final NetworkPolicyEgressRule DNS =
      new NetworkPolicyEgressRuleBuilder().withPorts(port("UDP", 53), port("TCP", 53)).build();

  private DesiredNetworkPolicy() {}

  /** Its name alone, to find it where it is not wanted any more. */
  static NetworkPolicy named(Owner owner) {
    return new NetworkPolicyBuilder()
        .withMetadata(Labels.metadata(owner, Names.workload(owner)))
        .build();
  }

  /**
   * The policy.
   *
   * @param revisions those that may run: each must be able to fetch its model
   */
  static Optional<NetworkPolicy> of(ResolvedModelServer server, Collection<Revision> revisions) {
    return server
        .network()
        .map(
            network ->
                new NetworkPolicyBuilder()
                    .withMetadata(Labels.metadata(server.owner(), Names.workload(server.owner())))
                    .withNewSpec()
                    .withNewPodSelector()
                    .withMatchLabels(Labels.serviceSelector(server.owner()))
                    .endPodSelector()
                    .withPolicyTypes("Ingress", "Egress")
                    .withIngress(ingress(server, network))
                    .withEgress(egress(server.owner(), network, revisions))
                    .endSpec()
                    .build());
  }

  /** Whoever else must reach the pods by a part of the spec, such as a gateway, has a rule here. */
  private static List<NetworkPolicyIngressRule> ingress(
      ResolvedModelServer server, Network network) {
    List<NetworkPolicyIngressRule> rules = new ArrayList<>();
    rules.add(
        new NetworkPolicyIngressRuleBuilder()
            .withFrom(network.from().orElse(List.of(SAME_NAMESPACE)))
            .withPorts(port("TCP", Ports.HTTP_NUMBER), port("TCP", Ports.GRPC_NUMBER))
            .build());
    List<NetworkPolicyPeer> gateways = gateways(server);
    if (!gateways.isEmpty()) {
      rules.add(
          new NetworkPolicyIngressRuleBuilder()
              .withFrom(gateways)
              .withPorts(port("TCP", Ports.HTTP_NUMBER), port("TCP", Ports.GRPC_NUMBER))
              .build());
    }
    if (DesiredServiceMonitor.wanted(server)) {
      rules.add(
          new NetworkPolicyIngressRuleBuilder()
              .withFrom(PROMETHEUS)
              .withPorts(port("TCP", Ports.HTTP_NUMBER))
              .build());
    }
    return rules;
  }

  /**
   * The namespaces of the Gateways that the routes name. The pods that answer for a Gateway run
   * there with most controllers; where they run elsewhere, nothing of the API says where.
   */
  private static List<NetworkPolicyPeer> gateways(ResolvedModelServer server) {
    return server.exposure().gateway().stream()
        .flatMap(gateway -> gateway.parents().stream())
        .map(
            parent -> Objects.requireNonNullElse(parent.getNamespace(), server.owner().namespace()))
        .distinct()
        .sorted()
        .map(DesiredNetworkPolicy::namespace)
        .toList();
  }

  private static List<NetworkPolicyEgressRule> egress(
      Owner owner, Network network, Collection<Revision> revisions) {
    List<NetworkPolicyEgressRule> rules = new ArrayList<>();
    rules.add(DNS);
    network
        .to()
        .ifPresentOrElse(
            peers -> rules.add(new NetworkPolicyEgressRuleBuilder().withTo(peers).build()),
            () -> rules.addAll(to(Destinations.of(owner.namespace(), revisions))));
    return rules;
  }

  private static List<NetworkPolicyEgressRule> to(Destinations destinations) {
    List<NetworkPolicyEgressRule> rules = new ArrayList<>();
    if (!destinations.ports().isEmpty()) {
      rules.add(
          new NetworkPolicyEgressRuleBuilder()
              .withTo(ANYWHERE)
              .withPorts(destinations.ports().stream().map(number -> port("TCP", number)).toList())
              .build());
    }
    if (!destinations.namespaces().isEmpty()) {
      rules.add(
          new NetworkPolicyEgressRuleBuilder()
              .withTo(
                  destinations.namespaces().stream().map(DesiredNetworkPolicy::namespace).toList())
              .build());
    }
    return rules;
  }

  private static NetworkPolicyPeer namespace(String name) {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .addToMatchLabels("kubernetes.io/metadata.name", name)
        .endNamespaceSelector()
        .build();
  }

  private static NetworkPolicyPeer block(String cidr, String except) {
    return new NetworkPolicyPeerBuilder()
        .withNewIpBlock()
        .withCidr(cidr)
        .withExcept(except)
        .endIpBlock()
        .build();
  }

  private static NetworkPolicyPort port(String protocol, int number) {
    return new NetworkPolicyPortBuilder()
        .withProtocol(protocol)
        .withPort(new IntOrString(number))
        .build();
  }
}
