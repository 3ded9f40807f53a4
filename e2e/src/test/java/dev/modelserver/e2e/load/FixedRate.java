package dev.modelserver.e2e.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Calls at a fixed rate, each on a virtual thread.
 *
 * <p>Open loop: a slow call delays none that is due after it.
 */
final class FixedRate {
  private static final Duration FIRST = Duration.ofSeconds(60);

  private final Supplier<String> call;
  private final int perSecond;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger sent = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /**
   * A rate that is not started.
   *
   * @param call makes a call; why it failed, or an empty text
   */
  FixedRate(Supplier<String> call, int perSecond) {
    this.call = call;
    this.perSecond = Math.max(1, perSecond);
  }

  /** Starts once a first call, which is not counted, was answered. */
  void start() {
    Awaitility.await("a first answer").atMost(FIRST).until(() -> call.get().isEmpty());
    long nanos = 1_000_000_000L / perSecond;
    var _ =
        clock.scheduleAtFixedRate(
            () -> threads.execute(this::one), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void one() {
    sent.incrementAndGet();
    String failure = call.get();
    if (!failure.isEmpty()) {
      failures.add(failure);
    }
  }

  int sent() {
    return sent.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  String stop() {
    clock.shutdownNow();
    threads.close();
    Map<String, Long> reasons =
        failures.stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return "%d sent, %d failed".formatted(sent(), failures.size())
        + (reasons.isEmpty() ? "" : " " + reasons);
  }
}
