package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.apply.KnownObjects;
import dev.modelserver.operator.resolve.HostClaim;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a pass reads without a request to the API server. */
interface ClusterCache extends KnownObjects {
  /** The object of this kind, namespace and name. */
  <T extends HasMetadata> Optional<T> find(Class<T> kind, String namespace, String name);

  /** The ModelServers that ask for a host of this one, itself among them. */
  Stream<ModelServer> sharingHosts(ModelServer primary);

  /**
   * A pass has changed the hosts and paths that lead to a ModelServer: others may have to give way,
   * or get what they wait for.
   */
  void moved(ModelServer primary, Set<HostClaim> before, Set<HostClaim> after);

  /** The optional kinds that the API server knows; one that a ModelServer misses is looked for. */
  Set<Class<?>> optionalKinds(ModelServer primary);

  /** The pods of a ModelServer. */
  Stream<Pod> pods(ModelServer primary);

  /** Those that went while they downloaded, the last ones. */
  Stream<Pod> departed(ModelServer primary, Instant now);

  /** Warning Events about these pods. */
  Stream<Event> warnings(String namespace, Set<String> podUids);
}
