package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.names.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Informers of one optional kind: one for each watched namespace, or one for all. They are none of
 * the framework's, which holds one that stops for a failure of the operator.
 */
final class NamespacedInformers<T extends HasMetadata> implements OptionalInformer<T> {
  private static final int NOT_FOUND = 404;

  private final Class<T> kind;
  private final List<SharedIndexInformer<T>> informers;

  /** Who is told. */
  interface Listener {
    /** An object was made, changed or deleted. */
    void changed(HasMetadata object);

    /**
     * From now on it hears of every change. What was deleted before its first list is not told as a
     * change: no informer held it.
     */
    void listed();

    /** The API server says that there is no such kind. */
    void unknownKind();
  }

  private NamespacedInformers(Class<T> kind, List<SharedIndexInformer<T>> informers) {
    this.kind = kind;
    this.informers = informers;
  }

  /**
   * Starts them, and waits for nothing: what they do not hold is asked from the API server.
   *
   * @param namespaces the watched ones; empty: all
   */
  static <T extends HasMetadata> NamespacedInformers<T> start(
      KubernetesClient client, Class<T> kind, Set<String> namespaces, Listener listener) {
    Stream<AnyNamespaceOperation<T, ?, ?>> places =
        namespaces.isEmpty()
            ? Stream.of(client.resources(kind).inAnyNamespace())
            : namespaces.stream().map(client.resources(kind)::inNamespace);
    return new NamespacedInformers<>(kind, places.map(place -> start(place, listener)).toList());
  }

  private static <T extends HasMetadata> SharedIndexInformer<T> start(
      AnyNamespaceOperation<T, ?, ?> place, Listener listener) {
    SharedIndexInformer<T> informer =
        place
            .withLabelSelector(Labels.MANAGED)
            .withLimit(StoredObjects.PAGE)
            .runnableInformer(0)
            .addEventHandler(new Telling<>(listener::changed))
            .exceptionHandler(
                (_, failure) -> {
                  if (notFound(failure)) {
                    listener.unknownKind();
                  }
                  // Whoever started it stops it: an API server that is away comes back, and a right
                  // that is missing may be given.
                  return true;
                });
    var _ = informer.start().thenRun(listener::listed);
    return informer;
  }

  private static boolean notFound(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(e -> e instanceof KubernetesClientException k && k.getCode() == NOT_FOUND);
  }

  @Override
  public Class<T> kind() {
    return kind;
  }

  @Override
  public boolean complete() {
    return informers.stream().allMatch(informer -> informer.hasSynced() && informer.isWatching());
  }

  @Override
  public boolean ended() {
    return informers.stream()
        .anyMatch(informer -> informer.stopped().toCompletableFuture().isDone());
  }

  @Override
  public void stop() {
    informers.forEach(SharedIndexInformer::stop);
  }

  @Override
  public Optional<T> get(ResourceID id) {
    String key = Cache.namespaceKeyFunc(id.getNamespace().orElse(null), id.getName());
    return informers.stream()
        .flatMap(informer -> Stream.ofNullable(informer.getStore().getByKey(key)))
        .findFirst();
  }

  @Override
  public Stream<ResourceID> keys() {
    return list(_ -> true).map(ResourceID::fromResource);
  }

  @Override
  public Stream<T> list(Predicate<T> predicate) {
    return informers.stream()
        .flatMap(informer -> informer.getStore().list().stream())
        .filter(predicate);
  }

  private record Telling<T extends HasMetadata>(Consumer<HasMetadata> changed)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      changed.accept(object);
    }

    @Override
    public void onUpdate(T before, T object) {
      // An owner that was taken away is told as well.
      changed.accept(before);
      changed.accept(object);
    }

    @Override
    public void onDelete(T object, boolean unknown) {
      changed.accept(object);
    }
  }
}
