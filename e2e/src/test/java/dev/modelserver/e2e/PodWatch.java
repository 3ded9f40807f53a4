package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.ModelServerClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Every pod of a namespace that a watch shows, and whether it was ever Ready. */
final class PodWatch implements AutoCloseable {
  private final Map<String, Boolean> everReady = new ConcurrentHashMap<>();
  private final Map<String, String> revisions = new ConcurrentHashMap<>();
  private volatile @Nullable WatcherException broken;
  private final Watch watch;

  private PodWatch(KubernetesClient client, String namespace) {
    this.watch =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(ModelServerClient.REVISION_LABEL)
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, Pod pod) {
                    if (action != Action.BOOKMARK && action != Action.ERROR) {
                      add(pod);
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    broken = cause;
                  }
                });
  }

  static PodWatch start(KubernetesClient client, String namespace) {
    return new PodWatch(client, namespace);
  }

  /** Pods seen of a revision; fails when the watch broke off and so may have missed something. */
  Set<String> seen(String revision) {
    if (broken != null) {
      throw new IllegalStateException("the watch broke off", broken);
    }
    Set<String> pods = new TreeSet<>();
    revisions.forEach(
        (pod, of) -> {
          if (of.equals(revision)) {
            pods.add(pod);
          }
        });
    return pods;
  }

  /** Those of them that were Ready at any time. */
  Set<String> everReady(String revision) {
    Set<String> pods = seen(revision);
    pods.removeIf(pod -> !Boolean.TRUE.equals(everReady.get(pod)));
    return pods;
  }

  @Override
  public void close() {
    watch.close();
  }

  @Override
  public String toString() {
    Map<String, String> lines = new TreeMap<>();
    revisions.forEach(
        (pod, revision) ->
            lines.put(
                pod,
                "revision "
                    + revision
                    + (Boolean.TRUE.equals(everReady.get(pod)) ? ", was Ready" : ", never Ready")));
    return lines.toString();
  }

  private void add(Pod pod) {
    String name = pod.getMetadata().getName();
    revisions.put(name, pod.getMetadata().getLabels().get(ModelServerClient.REVISION_LABEL));
    everReady.merge(name, Readiness.isPodReady(pod), Boolean::logicalOr);
  }
}
