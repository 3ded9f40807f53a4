package dev.modelserver.e2e;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Every version of a Deployment that a watch shows. */
final class DeploymentWatch implements AutoCloseable {
  /** How many pods one version wants, and how many are available. */
  record Seen(Duration since, String resourceVersion, int wanted, int available) {}

  private final Instant start = Instant.now();
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private volatile @Nullable WatcherException broken;
  private final Watch watch;

  private DeploymentWatch(KubernetesClient client, String namespace, String name) {
    this.watch =
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(name)
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, Deployment deployment) {
                    if (action != Action.BOOKMARK) {
                      add(deployment, action);
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    broken = cause;
                  }
                });
  }

  static DeploymentWatch start(KubernetesClient client, String namespace, String name) {
    return new DeploymentWatch(client, namespace, name);
  }

  /** Watches on until so much time has passed since the start. */
  void await(Duration since) {
    Awaitility.await("watching for " + since)
        .atMost(since.plusSeconds(10))
        .until(() -> Instant.now().isAfter(start.plus(since)));
  }

  /** What was seen; fails when the watch broke off and so may have missed something. */
  List<Seen> seen() {
    if (broken != null) {
      throw new IllegalStateException("the watch broke off", broken);
    }
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    watch.close();
  }

  @Override
  public String toString() {
    return seen.stream()
        .map(
            each ->
                "%5.1f s  resourceVersion %s  spec.replicas %d  available %d"
                    .formatted(
                        each.since().toMillis() / 1000.0,
                        each.resourceVersion(),
                        each.wanted(),
                        each.available()))
        .collect(Collectors.joining("\n"));
  }

  /** A deleted Deployment counts as one that wants no pods. */
  private void add(Deployment deployment, Watcher.Action action) {
    boolean deleted = action == Watcher.Action.DELETED;
    seen.add(
        new Seen(
            Duration.between(start, Instant.now()),
            deployment.getMetadata().getResourceVersion(),
            deleted ? 0 : Optional.ofNullable(deployment.getSpec().getReplicas()).orElse(0),
            deleted
                ? 0
                : Optional.ofNullable(deployment.getStatus().getAvailableReplicas()).orElse(0)));
  }
}
