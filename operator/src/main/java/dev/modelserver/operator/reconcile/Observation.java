package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.Ownership;
import dev.modelserver.operator.desired.Labels;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionRecord;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    Ownership ownership = Ownership.of(primary);
    List<Pod> pods =
        caches
            .pods(primary)
            .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .toList();
    Set<String> podUids =
        pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    return new Observed(
        caches
            .find(Deployment.class, namespace, name)
            // Without its labels it is not in the cache, and serves all the same.
            .or(() -> Optional.ofNullable(stored(Deployment.class, primary)))
            .filter(ownership::owns),
        caches.find(HorizontalPodAutoscaler.class, namespace, name).filter(ownership::owns),
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
   * revision was rolled back. Those that lost their labels are found by the names that the status
   * tells.
   */
  List<ControllerRevision> revisions(ModelServer primary) {
    MixedOperation<ControllerRevision, ControllerRevisionList, Resource<ControllerRevision>> all =
        client.apps().controllerRevisions();
    String namespace = primary.getMetadata().getNamespace();
    List<ControllerRevision> listed =
        all.inNamespace(namespace)
            .withLabel(Labels.NAME, primary.getMetadata().getName())
            .list()
            .getItems();
    Set<String> names =
        listed.stream().map(r -> r.getMetadata().getName()).collect(Collectors.toSet());
    Stream<ControllerRevision> missed =
        told(primary)
            .filter(name -> !names.contains(name))
            .distinct()
            .flatMap(name -> Stream.ofNullable(all.inNamespace(namespace).withName(name).get()));
    return Stream.concat(listed.stream(), missed).filter(Ownership.of(primary)::owns).toList();
  }

  private static Stream<String> told(ModelServer primary) {
    ModelServerStatus status = primary.getStatus();
    if (status == null || status.history() == null) {
      return Stream.empty();
    }
    return Stream.concat(
        status.history().stream().flatMap(entry -> Stream.ofNullable(entry.revision())),
        Stream.ofNullable(status.lastGoodRevision()));
  }

  private <T extends HasMetadata> @Nullable T stored(Class<T> kind, ModelServer primary) {
    return client
        .resources(kind)
        .inNamespace(primary.getMetadata().getNamespace())
        .withName(primary.getMetadata().getName())
        .get();
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
