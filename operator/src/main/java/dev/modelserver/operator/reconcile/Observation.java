package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.desired.Labels;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionRecord;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one ModelServer's world, mostly from the informers. */
final class Observation {
  private final KubernetesClient client;
  private final Caches caches;
  private final Clock clock;

  Observation(KubernetesClient client, Caches caches, Clock clock) {
    this.clock = clock;
    this.client = client;
    this.caches = caches;
  }

  Observed of(ModelServer primary) {
    String namespace = primary.getMetadata().getNamespace();
    String name = primary.getMetadata().getName();
    String uid = primary.getMetadata().getUid();
    List<Pod> pods =
        caches
            .pods(primary)
            .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .toList();
    Set<String> podUids =
        pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    return new Observed(
        caches.find(Deployment.class, namespace, name).filter(d -> Labels.controls(uid, d)),
        caches
            .find(HorizontalPodAutoscaler.class, namespace, name)
            .filter(a -> Labels.controls(uid, a)),
        pods,
        caches
            .warnings(namespace, podUids)
            .sorted(Comparator.comparing((Event e) -> e.getMetadata().getName()))
            .toList(),
        wantsMonitor(primary) && monitorKindServed(),
        clock.instant());
  }

  /**
   * The stored revisions, from the API server: a cache that lags behind could forget that a
   * revision was rolled back.
   */
  List<ControllerRevision> revisions(Owner owner) {
    return client
        .resources(ControllerRevision.class)
        .inNamespace(owner.namespace())
        .withLabel(Labels.NAME, owner.name())
        .list()
        .getItems()
        .stream()
        .filter(stored -> Labels.controls(owner.uid(), stored))
        .toList();
  }

  static List<Revision> parse(List<ControllerRevision> stored) {
    return stored.stream().flatMap(r -> RevisionRecord.parse(r).stream()).toList();
  }

  boolean monitorKindServed() {
    return client.supports(ServiceMonitor.class);
  }

  private static boolean wantsMonitor(ModelServer primary) {
    return primary.getSpec() != null
        && primary.getSpec().monitoring() != null
        && primary.getSpec().monitoring().serviceMonitor() != null;
  }
}
