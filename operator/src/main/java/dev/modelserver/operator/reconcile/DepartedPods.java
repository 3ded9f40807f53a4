package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pods that are there, and of those that went the last that said how far their download was:
 * the kubelet deletes a pod as soon as its last status is written, often before a pass can read it.
 * What is lost with a restart of the operator is one sentence.
 */
final class DepartedPods extends InformerEventSource<Pod, ModelServer> {
  /** Of all namespaces together; each is a few kilobytes, and read once. */
  private static final int MOST = 100;

  private static final Duration MOMENT = Duration.ofMinutes(1);

  private final Deque<Pod> last = new ArrayDeque<>();

  DepartedPods(
      InformerEventSourceConfiguration<Pod> configuration,
      EventSourceContext<ModelServer> context) {
    super(configuration, context);
  }

  @Override
  public synchronized void onDelete(Pod pod, boolean unknown) {
    if (Observed.tellsOfADownload(pod)) {
      remember(pod);
    }
    super.onDelete(pod, unknown);
  }

  private void remember(Pod pod) {
    synchronized (last) {
      last.addFirst(pod);
      if (last.size() > MOST) {
        last.removeLast();
      }
    }
  }

  /** Those of a namespace that went a moment ago. */
  List<Pod> of(String namespace, Instant now) {
    synchronized (last) {
      return last.stream()
          .filter(pod -> namespace.equals(pod.getMetadata().getNamespace()))
          .filter(pod -> recent(pod.getMetadata().getDeletionTimestamp(), now))
          .toList();
    }
  }

  /** What an earlier attempt of a revision said is not said of the present one. */
  private static boolean recent(@Nullable String deleted, Instant now) {
    return deleted != null && Instant.parse(deleted).plus(MOMENT).isAfter(now);
  }
}
