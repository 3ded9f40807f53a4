package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.metrics.OperatorMetrics;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.resolve.HostClaim;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The informers, and how their objects name the ModelServer they belong to. Only objects with our
 * labels are held; of Events only warnings about pods.
 */
final class Caches implements ClusterCache {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          ControllerRevision.class,
          ConfigMap.class,
          ServiceAccount.class,
          Deployment.class,
          Service.class,
          PodDisruptionBudget.class,
          NetworkPolicy.class,
          HorizontalPodAutoscaler.class,
          Ingress.class);

  private final Map<Class<?>, InformerEventSource<? extends HasMetadata, ModelServer>> owned;
  private final DepartedPods pods;
  private final InformerEventSource<Event, ModelServer> warnings;
  private final KubernetesClient client;
  private final Set<String> watched;
  private final Cache<ModelServer> primaries;
  private final OptionalKinds optional;
  private final HostIndex hosts;

  /**
   * Informers that are not started.
   *
   * @param interval between two looks for optional kinds
   */
  Caches(EventSourceContext<ModelServer> context, Duration interval) {
    Set<Class<? extends HasMetadata>> kinds = new HashSet<>(KINDS);
    kinds.addAll(List.of(Pod.class, Event.class));
    OptionalKind.ALL.forEach(kind -> kinds.add(kind.type()));
    hosts = HostIndex.of(context.getPrimaryCache());
    client = InformerClient.beside(context.getClient(), kinds);
    owned = KINDS.stream().collect(Collectors.toMap(kind -> kind, kind -> labelled(kind, context)));
    pods = new DepartedPods(labelled(Pod.class), context);
    warnings =
        new InformerEventSource<>(
            configured(Event.class)
                .withFieldSelector(
                    new FieldSelector(
                        new FieldSelector.Field("type", "Warning"),
                        new FieldSelector.Field("involvedObject.kind", "Pod")))
                .withSecondaryToPrimaryMapper(this::ownerOfPodNamed)
                .build(),
            context);
    watched = watched(context);
    primaries = context.getPrimaryCache();
    optional =
        new OptionalKinds(
            OptionalKind.ALL,
            context.getClient()::supports,
            this::optional,
            context.getPrimaryCache(),
            interval);
  }

  /** The watched namespaces; empty: all. */
  private static Set<String> watched(EventSourceContext<ModelServer> context) {
    Set<String> namespaces =
        context
            .getControllerConfiguration()
            .getInformerConfig()
            .getEffectiveNamespaces(context.getControllerConfiguration());
    return InformerConfiguration.allNamespacesWatched(namespaces) ? Set.of() : namespaces;
  }

  private <T extends HasMetadata> OptionalInformer<T> optional(Class<T> kind) {
    return NamespacedInformers.start(
        client,
        kind,
        watched,
        new NamespacedInformers.Listener() {
          @Override
          public void changed(HasMetadata object) {
            optional.changed(concerned(object));
          }

          @Override
          public void listed() {
            optional.listed(kind);
          }

          @Override
          public void unknownKind() {
            optional.lookSoon();
          }
        });
  }

  /** Every ModelServer that there is. */
  Set<OperatorMetrics.Id> modelServers() {
    return primaries
        .keys()
        .map(id -> new OperatorMetrics.Id(id.getNamespace().orElse(""), id.getName()))
        .collect(Collectors.toSet());
  }

  /** The caches that are compared with the API server; not of Events, which tell no state. */
  List<AuditedCache<?>> audited(EventSourceContext<ModelServer> context) {
    List<AuditedCache<?>> all = new ArrayList<>();
    all.add(
        new AuditedCache<>(
            "ModelServer",
            new StoredObjects<>(context.getClient(), ModelServer.class, watched, ""),
            context.getPrimaryCache()));
    Stream.concat(owned.values().stream(), Stream.of(pods))
        .forEach(source -> all.add(audited(source)));
    optional.complete().forEach(informer -> all.add(audited(informer)));
    return all;
  }

  private <T extends HasMetadata> AuditedCache<T> audited(
      InformerEventSource<T, ModelServer> source) {
    return audited(source.resourceType(), source);
  }

  private <T extends HasMetadata> AuditedCache<T> audited(OptionalInformer<T> informer) {
    return audited(informer.kind(), informer);
  }

  private <T extends HasMetadata> AuditedCache<T> audited(Class<T> kind, Cache<T> cache) {
    return new AuditedCache<>(
        kind.getSimpleName(), new StoredObjects<>(client, kind, watched, Labels.MANAGED), cache);
  }

  /** Pods come before the Events that are looked up in them. */
  List<EventSource<?, ModelServer>> sources() {
    List<EventSource<?, ModelServer>> all = new ArrayList<>(owned.values());
    all.add(pods);
    all.add(warnings);
    all.add(optional);
    return all;
  }

  @Override
  public Optional<? extends HasMetadata> find(HasMetadata like) {
    InformerEventSource<? extends HasMetadata, ModelServer> source = owned.get(like.getClass());
    ResourceID id = ResourceID.fromResource(like);
    return source == null ? optional.find(like.getClass(), id) : source.get(id);
  }

  @Override
  public boolean holds(Class<? extends HasMetadata> kind) {
    return owned.containsKey(kind) || optional.complete(kind);
  }

  @Override
  public void refused(Class<? extends HasMetadata> kind) {
    optional.lookSoon();
  }

  @Override
  public Stream<ModelServer> sharingHosts(ModelServer primary) {
    return hosts.sharing(primary);
  }

  @Override
  public void moved(ModelServer primary, Set<HostClaim> before, Set<HostClaim> after) {
    optional.changed(hosts.concerned(primary, before, after));
  }

  @Override
  public Set<Class<?>> optionalKinds(ModelServer primary) {
    return optional.servedFor(primary);
  }

  @Override
  public <T extends HasMetadata> Optional<T> find(Class<T> kind, String namespace, String name) {
    return Optional.ofNullable(owned.get(kind))
        .flatMap(source -> source.get(new ResourceID(name, namespace)))
        .map(kind::cast);
  }

  @Override
  public Stream<ConfigMap> configMaps(ModelServer primary) {
    return Optional.ofNullable(owned.get(ConfigMap.class)).stream()
        .flatMap(source -> source.getSecondaryResources(primary).stream())
        .map(ConfigMap.class::cast);
  }

  @Override
  public Stream<Pod> pods(ModelServer primary) {
    return pods.getSecondaryResources(primary).stream();
  }

  @Override
  public Stream<Pod> departed(ModelServer primary, Instant now) {
    String name = primary.getMetadata().getName();
    return pods.of(primary.getMetadata().getNamespace(), now).stream()
        .filter(pod -> Labels.value(pod, Labels.NAME).filter(name::equals).isPresent());
  }

  /** Looked up by the pods rather than by owner: an Event may be cached before its pod is. */
  @Override
  public Stream<Event> warnings(String namespace, Set<String> podUids) {
    return warnings.list(namespace, e -> podUids.contains(e.getInvolvedObject().getUid()));
  }

  private Set<ResourceID> ownerOfPodNamed(Event event) {
    ResourceID pod =
        new ResourceID(
            event.getInvolvedObject().getName(), event.getInvolvedObject().getNamespace());
    return pods.get(pod).map(Caches::owner).orElse(Set.of());
  }

  /** By label and by owner reference: somebody may have taken one of them away. */
  private static Set<ResourceID> owner(HasMetadata object) {
    return Stream.concat(Labels.value(object, Labels.NAME).stream(), Labels.owner(object).stream())
        .map(name -> new ResourceID(name, object.getMetadata().getNamespace()))
        .collect(Collectors.toSet());
  }

  /** Its owner, and who waits for a host that the owner gave up, or had until it was deleted. */
  private Set<ResourceID> concerned(HasMetadata object) {
    Set<ResourceID> all = new HashSet<>(owner(object));
    all.addAll(hosts.waiting(object));
    return all;
  }

  private <T extends HasMetadata> InformerEventSourceConfiguration.Builder<T> configured(
      Class<T> kind) {
    return InformerEventSourceConfiguration.from(kind, ModelServer.class)
        .withKubernetesClient(client)
        .withInformerListLimit(StoredObjects.PAGE);
  }

  private <T extends HasMetadata> InformerEventSource<T, ModelServer> labelled(
      Class<T> kind, EventSourceContext<ModelServer> context) {
    return new InformerEventSource<>(labelled(kind), context);
  }

  private <T extends HasMetadata> InformerEventSourceConfiguration<T> labelled(Class<T> kind) {
    return configured(kind)
        .withLabelSelector(Labels.MANAGED)
        .withSecondaryToPrimaryMapper(this::concerned)
        .build();
  }
}
