package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import dev.modelserver.operator.apply.Answers;
import dev.modelserver.operator.apply.CachedForm;
import dev.modelserver.operator.apply.Ownership;
import dev.modelserver.operator.desired.DesiredRoutes;
import dev.modelserver.operator.desired.DesiredTlsPolicy;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.GRPCRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one ModelServer's world, mostly from the informers. */
final class ClusterReader {
  private final KubernetesClient client;
  private final ClusterCache caches;
  private final Answers answers;
  private final Clock clock;

  ClusterReader(KubernetesClient client, ClusterCache caches, Answers answers, Clock clock) {
    this.clock = clock;
    this.client = client;
    this.caches = caches;
    this.answers = answers;
  }

  /** Everything that a pass decides from. */
  Seen observe(ModelServer primary) {
    return new Seen(of(primary), answers.asWritten(revisions(primary)));
  }

  private Observed of(ModelServer primary) {
    String namespace = primary.getMetadata().getNamespace();
    String name = primary.getMetadata().getName();
    Ownership ownership = Ownership.of(primary);
    Map<Boolean, List<Pod>> all =
        caches
            .pods(primary)
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .collect(
                Collectors.partitioningBy(pod -> pod.getMetadata().getDeletionTimestamp() == null));
    List<Pod> pods = Objects.requireNonNull(all.get(true));
    Set<String> podUids =
        pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    Set<Class<?>> kinds = caches.optionalKinds(primary);
    return new Observed(
        caches
            .find(Deployment.class, namespace, name)
            // Without its labels it is not in the cache, and serves all the same.
            .or(() -> Optional.ofNullable(stored(Deployment.class, primary)))
            .filter(ownership::owns),
        caches.find(HorizontalPodAutoscaler.class, namespace, name).filter(ownership::owns),
        pods,
        Stream.concat(
                Objects.requireNonNull(all.get(false)).stream(),
                caches.departed(primary, clock.instant()))
            .toList(),
        caches
            .warnings(namespace, podUids)
            .sorted(Comparator.comparing((Event e) -> e.getMetadata().getName()))
            .toList(),
        otherServices(primary),
        outside(primary, ownership, kinds),
        kinds,
        clock.instant());
  }

  private Outside outside(ModelServer primary, Ownership ownership, Set<Class<?>> kinds) {
    ObjectMeta metadata = primary.getMetadata();
    Owner owner = new Owner(metadata.getName(), metadata.getNamespace(), metadata.getUid());
    return new Outside(
        caches
            .find(Ingress.class, metadata.getNamespace(), metadata.getName())
            .filter(ownership::owns),
        route(HTTPRoute.class, DesiredRoutes.httpNamed(owner), kinds).filter(ownership::owns),
        route(GRPCRoute.class, DesiredRoutes.grpcNamed(owner), kinds).filter(ownership::owns),
        route(BackendTLSPolicy.class, DesiredTlsPolicy.named(owner), kinds).filter(ownership::owns),
        HostClaim.taken(primary, caches.sharingHosts(primary)));
  }

  /** From its informer, if that is complete; a role of an older chart gives no right to list. */
  private <T extends HasMetadata> Optional<T> route(Class<T> kind, T named, Set<Class<?>> kinds) {
    if (!kinds.contains(kind)) {
      return Optional.empty();
    }
    if (caches.holds(kind)) {
      return caches.find(named).map(kind::cast);
    }
    try {
      return Optional.ofNullable(client.resource(named).get());
    } catch (KubernetesClientException e) {
      // The write of it is refused as well, and told.
      return Optional.empty();
    }
  }

  /**
   * The stored revisions, from the API server: a cache that lags behind could forget that a
   * revision was rolled back. Those that lost their labels are found by the names that the status
   * tells. Of those that the status does not know no data is kept: anybody may have written them.
   */
  private List<ControllerRevision> revisions(ModelServer primary) {
    String namespace = primary.getMetadata().getNamespace();
    Set<String> told = told(primary).collect(Collectors.toSet());
    Map<String, ControllerRevision> found = new TreeMap<>();
    new StoredObjects<>(
            client,
            ControllerRevision.class,
            Set.of(namespace),
            Labels.NAME + "=" + primary.getMetadata().getName())
        .forEach(
            record -> {
              String name = record.getMetadata().getName();
              found.put(name, told.contains(name) ? record : CachedForm.of(record));
            });
    for (String name : told) {
      if (!found.containsKey(name)) {
        ControllerRevision missed =
            client.resources(ControllerRevision.class).inNamespace(namespace).withName(name).get();
        if (missed != null) {
          found.put(name, missed);
        }
      }
    }
    return found.values().stream().filter(Ownership.of(primary)::owns).toList();
  }

  private static Stream<String> told(ModelServer primary) {
    ModelServerStatus status = primary.getStatus();
    return status == null || status.revisions() == null
        ? Stream.empty()
        : status.revisions().stream().map(RecordedRevision::name);
  }

  private <T extends HasMetadata> @Nullable T stored(Class<T> kind, ModelServer primary) {
    return client
        .resources(kind)
        .inNamespace(primary.getMetadata().getNamespace())
        .withName(primary.getMetadata().getName())
        .get();
  }

  /** Not cached: they are others', and asked for only where labels of the pods may be theirs. */
  private List<String> otherServices(ModelServer primary) {
    ModelServerSpec spec = primary.getSpec();
    if (spec == null
        || spec.pod() == null
        || spec.pod().labels() == null
        || spec.pod().labels().isEmpty()) {
      return List.of();
    }
    ObjectMeta metadata = primary.getMetadata();
    Map<String, String> labels = new HashMap<>(spec.pod().labels());
    Owner owner = new Owner(metadata.getName(), metadata.getNamespace(), metadata.getUid());
    labels.putAll(Labels.of(owner));
    labels.putAll(Labels.deploymentSelector(owner));
    Set<String> selecting = new TreeSet<>();
    new StoredObjects<>(client, Service.class, Set.of(metadata.getNamespace()), "")
        .forEach(
            service -> {
              if (!service.getMetadata().getName().equals(metadata.getName())
                  && !Labels.controls(metadata.getUid(), service)
                  && selects(service.getSpec().getSelector(), labels)) {
                selecting.add(service.getMetadata().getName());
              }
            });
    return List.copyOf(selecting);
  }

  private static boolean selects(
      @Nullable Map<String, String> selector, Map<String, String> labels) {
    return selector != null
        && !selector.isEmpty()
        && labels.entrySet().containsAll(selector.entrySet());
  }
}
