package dev.modelserver.operator.revision;

import dev.modelserver.operator.snapshot.Outside;
import java.util.List;

/**
 * Where an Ingress or a route leads from that names no path. A pod answers below the prefix of its
 * own revision, so that what leads to it stays as long as it may be asked: through a rollout, and
 * after a rollback. But a path that the spec does not ask for is only kept, and never taken: it may
 * be another ModelServer's.
 */
public final class Roots {
  private Roots() {}

  /**
   * In order, at least one.
   *
   * @param spec the root of the spec
   * @param pods revisions of the pods that may be asked
   * @param outside what leads there now
   */
  public static List<String> of(String spec, List<Revision> pods, Outside outside) {
    List<String> roots =
        pods.stream()
            .map(Revision::root)
            .filter(root -> root.equals(spec) || outside.leadsFrom(root))
            .distinct()
            .sorted()
            .toList();
    return roots.isEmpty() ? List.of(spec) : roots;
  }
}
