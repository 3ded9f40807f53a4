package dev.modelserver.operator.faults;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A scheduler and a kubelet that run nothing: every pod is bound, then its status goes through what
 * a real one goes through, and a deleted pod goes. What becomes of a pod is decided by {@link
 * SimulatedPod}.
 */
public final class SimulatedNode implements AutoCloseable {
  private static final long STEP_MILLIS = 40;

  private final KubernetesClient client;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private final Executor steps =
      CompletableFuture.delayedExecutor(STEP_MILLIS, TimeUnit.MILLISECONDS, thread);
  private final Map<String, Boolean> started = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Pod> informer;

  private SimulatedNode(KubernetesClient client) {
    this.client = client;
    this.informer =
        client
            .pods()
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    seen(pod);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod pod) {
                    seen(pod);
                  }

                  @Override
                  public void onDelete(Pod pod, boolean unknown) {
                    started.remove(pod.getMetadata().getUid());
                  }
                });
  }

  /** Starts to take every pod of every namespace. */
  public static SimulatedNode start(KubernetesClient client) {
    return new SimulatedNode(client);
  }

  private void seen(Pod pod) {
    SimulatedPod simulated = new SimulatedPod(pod);
    if (pod.getMetadata().getDeletionTimestamp() != null && simulated.downloads()) {
      later(() -> patch(pod, simulated.afterTheDownloadWasEnded()));
    } else if (pod.getMetadata().getDeletionTimestamp() != null) {
      later(() -> client.pods().resource(pod).withGracePeriod(0).delete());
    } else if (started.putIfAbsent(pod.getMetadata().getUid(), true) == null) {
      later(() -> bind(pod));
    }
  }

  private void bind(Pod pod) {
    client.raw(
        "/api/v1/namespaces/%s/pods/%s/binding"
            .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName()),
        "POST",
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Binding",
            "metadata",
            Map.of("name", pod.getMetadata().getName()),
            "target",
            Map.of("apiVersion", "v1", "kind", "Node", "name", "simulated")));
    SimulatedPod simulated = new SimulatedPod(pod);
    later(
        () -> {
          patch(pod, simulated.afterPreflight());
          if (simulated.serves()) {
            later(() -> patch(pod, simulated.serving()));
          }
        });
  }

  private void patch(Pod pod, PodStatus status) {
    Pod body = new Pod();
    body.setStatus(status);
    client
        .pods()
        .resource(pod)
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), body);
  }

  private void later(Runnable step) {
    steps.execute(
        () -> {
          try {
            step.run();
          } catch (KubernetesClientException e) {
            // The pod went in the meantime: 404, or 409 for another of its name.
            if (e.getCode() != 404 && e.getCode() != 409) {
              throw e;
            }
          }
        });
  }

  @Override
  public void close() {
    informer.close();
    thread.shutdownNow();
  }
}
