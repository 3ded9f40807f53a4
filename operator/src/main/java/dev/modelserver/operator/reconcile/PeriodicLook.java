package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A source of events that looks at the cluster now and then, on a thread of its own. */
abstract class PeriodicLook extends AbstractEventSource<ModelServer, ModelServer> {
  private final Duration interval;
  private volatile @Nullable ScheduledExecutorService thread;

  /**
   * Looks that begin when the source is started.
   *
   * @param interval from the end of one look to the next, and before the first
   */
  PeriodicLook(String name, Duration interval) {
    super(ModelServer.class, name);
    this.interval = interval;
  }

  /** One look; an exception would be the end of all. */
  abstract void look();

  @Override
  public synchronized void start() {
    super.start();
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    thread = started;
    var _ =
        started.scheduleWithFixedDelay(
            this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void stop() {
    ScheduledExecutorService running = thread;
    if (running != null) {
      running.shutdownNow();
    }
    super.stop();
  }

  @Override
  public Set<ModelServer> getSecondaryResources(ModelServer primary) {
    return Set.of();
  }

  /**
   * Runs something on the same thread, once.
   *
   * @return false if the source does not run
   */
  final boolean runAfter(Duration pause, Runnable work) {
    ScheduledExecutorService running = thread;
    if (running == null || running.isShutdown()) {
      return false;
    }
    var _ = running.schedule(work, pause.toMillis(), TimeUnit.MILLISECONDS);
    return true;
  }
}
