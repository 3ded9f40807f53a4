package dev.modelserver.operator.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.api.v1alpha1.NetworkPolicyOptions;
import dev.modelserver.operator.resolve.ResolvedModelServer.Network;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The NetworkPolicy of the pods, where one is asked for. */
final class NetworkResolver {
  private NetworkResolver() {}

  static Optional<Network> resolve(@Nullable NetworkPolicyOptions wanted) {
    return Optional.ofNullable(wanted)
        .map(
            policy ->
                new Network(
                    peers("spec.networkPolicy.from", policy.from()),
                    peers("spec.networkPolicy.to", policy.to())));
  }

  /** Of an empty list or peer nobody can tell whether everything or nothing is meant. */
  private static Optional<List<NetworkPolicyPeer>> peers(
      String field, @Nullable List<JsonNode> said) {
    if (said == null) {
      return Optional.empty();
    }
    List<NetworkPolicyPeer> peers = Typed.list(field, said, NetworkPolicyPeer.class);
    if (peers.isEmpty() || peers.size() < said.size()) {
      throw new IllegalArgumentException(
          "%s names no peer%s: give each a podSelector, a namespaceSelector or an ipBlock, or remove the field"
              .formatted(field, said.isEmpty() ? "" : " in one of its elements"));
    }
    return Optional.of(peers);
  }
}
