package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Asks API discovery now and then which optional kinds there are, and runs an informer for each of
 * them as long as there is the kind. ModelServers that ask for such an object are looked at as soon
 * as the kind appears or vanishes. Definitions are not watched: an operator of some namespaces may
 * not.
 */
final class OptionalKinds extends PeriodicLook {
  private static final Logger LOG = Logger.getLogger(OptionalKinds.class);

  /** Before a look that something asks for; many may ask at once. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final List<OptionalKind> kinds;
  private final Predicate<Class<? extends HasMetadata>> discovery;
  private final Function<Class<? extends HasMetadata>, OptionalInformer<?>> informers;
  private final Cache<ModelServer> primaries;
  private final Map<Class<?>, OptionalInformer<?>> served = new ConcurrentHashMap<>();
  private final AtomicBoolean asked = new AtomicBoolean();

  /**
   * A look that begins with the informers of the other kinds.
   *
   * @param discovery whether the API server knows a kind now
   * @param informers starts the informer of a kind
   * @param primaries all ModelServers
   * @param interval between two looks
   */
  OptionalKinds(
      List<OptionalKind> kinds,
      Predicate<Class<? extends HasMetadata>> discovery,
      Function<Class<? extends HasMetadata>, OptionalInformer<?>> informers,
      Cache<ModelServer> primaries,
      Duration interval) {
    super("optional-kinds", interval);
    this.kinds = kinds;
    this.discovery = discovery;
    this.informers = informers;
    this.primaries = primaries;
  }

  @Override
  public synchronized void start() {
    super.start();
    look();
  }

  @Override
  public synchronized void stop() {
    super.stop();
    served.values().forEach(OptionalInformer::stop);
    served.clear();
  }

  /** Whether there is the kind, and every object of it with our labels is known. */
  boolean complete(Class<?> kind) {
    return Optional.ofNullable(served.get(kind)).filter(OptionalInformer::complete).isPresent();
  }

  /** The kinds that there are; one that this ModelServer misses is looked for anew. */
  Set<Class<?>> servedFor(ModelServer primary) {
    Set<Class<?>> now = Set.copyOf(served.keySet());
    if (kinds.stream()
        .anyMatch(kind -> !now.contains(kind.type()) && kind.wanted().test(primary))) {
      lookSoon();
    }
    return now;
  }

  /** A known object; none where the informer may have missed something. */
  Optional<? extends HasMetadata> find(Class<?> kind, ResourceID id) {
    return Optional.ofNullable(served.get(kind))
        .filter(OptionalInformer::complete)
        .flatMap(informer -> informer.get(id));
  }

  /** The informers that know every object of their kind. */
  Stream<OptionalInformer<?>> complete() {
    return served.values().stream().filter(OptionalInformer::complete);
  }

  /**
   * An informer hears of every change from now on. What was deleted before is no change to it, so
   * whoever wants such an object is looked at.
   */
  void listed(Class<?> kind) {
    kinds.stream().filter(known -> known.type().equals(kind)).forEach(this::changed);
  }

  /** An object of an optional kind is another than it was. */
  void changed(Set<ResourceID> owners) {
    owners.forEach(owner -> getEventHandler().handleEvent(new Event(owner)));
  }

  /** Looks soon, because something hints that a kind came or went. */
  void lookSoon() {
    if (asked.compareAndSet(false, true) && !runAfter(PAUSE, this::askedLook)) {
      asked.set(false);
    }
  }

  private void askedLook() {
    asked.set(false);
    look();
  }

  /** Asks which kinds there are, and starts and stops informers accordingly. */
  @Override
  synchronized void look() {
    if (!isRunning()) {
      return;
    }
    try {
      kinds.forEach(this::look);
    } catch (KubernetesClientException e) {
      // The API server is away: what it knew last goes on.
      LOG.infof("the optional kinds were not looked for: %s", e.getMessage());
      lookSoon();
    } catch (RuntimeException e) {
      // Thrown on, it would be the last look.
      LOG.error("the optional kinds were not looked for", e);
    }
  }

  private void look(OptionalKind kind) {
    OptionalInformer<?> informer = served.get(kind.type());
    if (!discovery.test(kind.type())) {
      if (informer != null) {
        served.remove(kind.type());
        informer.stop();
        tell(kind, "vanished");
      }
    } else if (informer == null) {
      served.put(kind.type(), informers.apply(kind.type()));
      tell(kind, "is there");
    } else if (informer.ended()) {
      LOG.infof("the informer of %s ended: starting it anew", kind.type().getSimpleName());
      informer.stop();
      served.put(kind.type(), informers.apply(kind.type()));
    }
  }

  private void tell(OptionalKind kind, String what) {
    LOG.infof("the kind %s %s", kind.type().getSimpleName(), what);
    changed(kind);
  }

  private void changed(OptionalKind kind) {
    changed(
        primaries.list(kind.wanted()).map(ResourceID::fromResource).collect(Collectors.toSet()));
  }
}
