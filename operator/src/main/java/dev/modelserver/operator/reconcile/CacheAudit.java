package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compares the informers' caches with the API server now and then. An informer that missed an event
 * never hears of it again, and what is decided from its cache stays wrong; a new start reads
 * everything anew, so that is what a missed event leads to.
 */
final class CacheAudit extends AbstractEventSource<ModelServer, ModelServer> {
  private static final Logger LOG = Logger.getLogger(CacheAudit.class);

  /** A watch may be late by seconds; what is lost never comes. */
  private static final int PART_OF_THE_INTERVAL_TO_WAIT = 6;

  private final Duration interval;
  private final Supplier<List<AuditedCache<?>>> caches;
  private final Runnable startAnew;
  private @Nullable ScheduledExecutorService thread;

  /**
   * An audit that begins with the informers.
   *
   * @param interval between two looks
   * @param caches those that there are now: some kinds come and go
   * @param startAnew ends the operator, for its kubelet to start it again
   */
  CacheAudit(Duration interval, Supplier<List<AuditedCache<?>>> caches, Runnable startAnew) {
    super(ModelServer.class, "cache-audit");
    this.interval = interval;
    this.caches = caches;
    this.startAnew = startAnew;
  }

  @Override
  public synchronized void start() {
    super.start();
    thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void stop() {
    if (thread != null) {
      thread.shutdownNow();
    }
    super.stop();
  }

  @Override
  public Set<ModelServer> getSecondaryResources(ModelServer primary) {
    return Set.of();
  }

  private void look() {
    try {
      List<AuditedCache.Suspect> suspects =
          caches.get().stream().flatMap(cache -> cache.suspects().stream()).toList();
      if (suspects.isEmpty()) {
        return;
      }
      Thread.sleep(interval.dividedBy(PART_OF_THE_INTERVAL_TO_WAIT));
      suspects.stream()
          .filter(AuditedCache.Suspect::stillWrong)
          .findFirst()
          .ifPresent(
              suspect -> {
                LOG.errorf("missed a watch event of %s: starting anew", suspect);
                startAnew.run();
              });
    } catch (KubernetesClientException e) {
      // The API server is away, or a page expired: the next look will tell.
      LOG.infof("the caches were not compared: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Thrown on, it would be the last look.
      LOG.error("the caches were not compared", e);
    }
  }
}
