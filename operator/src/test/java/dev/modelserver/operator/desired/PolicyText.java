package dev.modelserver.operator.desired;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A rule of a NetworkPolicy in one line: its peers and its ports. */
final class PolicyText {
  private PolicyText() {}

  static String of(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
    return "%s: %s"
        .formatted(
            peers.isEmpty()
                ? "any"
                : peers.stream().map(PolicyText::peer).collect(Collectors.joining(", ")),
            ports.stream()
                .map(port -> "%s %s".formatted(port.getProtocol(), port.getPort().getValue()))
                .collect(Collectors.joining(", ")));
  }

  private static String peer(NetworkPolicyPeer peer) {
    if (peer.getIpBlock() != null) {
      return "%s but %s".formatted(peer.getIpBlock().getCidr(), peer.getIpBlock().getExcept());
    }
    Optional<String> pods = Optional.ofNullable(peer.getPodSelector()).map(PolicyText::labels);
    Optional<String> namespaces =
        Optional.ofNullable(peer.getNamespaceSelector()).map(PolicyText::labels);
    return Stream.of(Optional.of("pods"), pods, namespaces.map(labels -> "of namespaces " + labels))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }

  private static String labels(LabelSelector selector) {
    Map<String, String> labels =
        new TreeMap<>(Optional.ofNullable(selector.getMatchLabels()).orElse(Map.of()));
    return labels.toString();
  }
}
