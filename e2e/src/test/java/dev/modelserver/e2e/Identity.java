package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.TestNamespace;
import java.util.Set;
import java.util.stream.Collectors;

/** An object, whatever its version. */
record Identity(String kind, String name, String uid, boolean beingDeleted) {

  /** All objects of a namespace, the ModelServers included. */
  static Set<Identity> allOf(TestNamespace namespace) {
    return NamespaceObjects.withModelServers(namespace)
        .map(
            object ->
                new Identity(
                    object.getKind(),
                    object.getMetadata().getName(),
                    object.getMetadata().getUid(),
                    object.getMetadata().getDeletionTimestamp() != null))
        .collect(Collectors.toSet());
  }

  /** Whether it is a ModelServer or was made for it: such names begin with the ModelServer's. */
  boolean isOf(String modelServer) {
    return name.equals(modelServer) || name.startsWith(modelServer + "-");
  }
}
