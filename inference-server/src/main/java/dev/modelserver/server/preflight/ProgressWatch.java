package dev.modelserver.server.preflight;

import dev.modelserver.server.verdict.Reason;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Gives up on a preflight that makes no progress: a volume or a disk that hangs blocks its thread
 * for good, and no other limit ends it. The trials have limits of their own, and so has the network
 * in the download: there it is the disk that may hang.
 */
final class ProgressWatch implements AutoCloseable {

  /** How long nothing may happen. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What preflight does. */
  enum Phase {
    CONFIGURATION("read its configuration", "check the node of the pod, or delete the pod"),
    COPY("copied the model from its volume", "check that the volume answers on the pod's node"),
    DOWNLOAD("downloaded the model", "check the disk of the pod's node"),
    INSPECTION(
        "read the structure of the model file",
        "export the model with fewer nodes, or raise spec.resources.limits.cpu"),
    TRIALS("tried the model", ""),
    SEAL("wrote the model's digest", "check the disk of the pod's node");

    private final String activity;
    private final String remedy;

    Phase(String activity, String remedy) {
      this.activity = activity;
      this.remedy = remedy;
    }

    private boolean bounded() {
      return !remedy.isEmpty();
    }
  }

  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress-watch").factory());
  private final Duration patience;
  private final LongSupplier nanos;
  private final Consumer<Report> giveUp;
  private Phase phase = Phase.CONFIGURATION;
  private long last;

  /**
   * A watch that looks once it is started.
   *
   * @param nanos the time
   * @param giveUp takes the report of a phase without progress; ends the process, whose thread may
   *     never come back
   */
  ProgressWatch(Duration patience, LongSupplier nanos, Consumer<Report> giveUp) {
    this.patience = patience;
    this.nanos = nanos;
    this.giveUp = giveUp;
    this.last = nanos.getAsLong();
  }

  void start() {
    var _ = clockwork.scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /** Another phase begins. */
  synchronized void begins(Phase next) {
    phase = next;
    last = nanos.getAsLong();
  }

  synchronized Phase phase() {
    return phase;
  }

  /** Something happened. */
  synchronized void progressed() {
    last = nanos.getAsLong();
  }

  synchronized void look() {
    if (phase.bounded() && nanos.getAsLong() - last >= patience.toNanos()) {
      last = nanos.getAsLong();
      giveUp.accept(
          Report.failed(
              Reason.PreflightStalled,
              "preflight made no progress for %d s while it %s; %s"
                  .formatted(patience.toSeconds(), phase.activity, phase.remedy)));
    }
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }
}
