package dev.modelserver.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Compares the informers' caches with the API server now and then. An informer that missed an event
 * never hears of it again, and what is decided from its cache stays wrong; a new start reads
 * everything anew, so that is what a missed event leads to.
 */
final class CacheAudit extends PeriodicLook {
  private static final Logger LOG = Logger.getLogger(CacheAudit.class);

  /** A watch may be late by seconds; what is lost never comes. */
  private static final int PART_OF_THE_INTERVAL_TO_WAIT = 6;

  private final Duration interval;
  private final Supplier<List<AuditedCache<?>>> caches;
  private final Runnable startAnew;

  /**
   * An audit that begins with the informers.
   *
   * @param interval between two looks
   * @param caches those that there are now: some kinds come and go
   * @param startAnew ends the operator, for its kubelet to start it again
   */
  CacheAudit(Duration interval, Supplier<List<AuditedCache<?>>> caches, Runnable startAnew) {
    super("cache-audit", interval);
    this.interval = interval;
    this.caches = caches;
    this.startAnew = startAnew;
  }

  @Override
  void look() {
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
