package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestQueueTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void isNotFullWhileABatchWaitsForMore() {
    RequestQueue queue = new RequestQueue(1, 8, PATIENCE);
    Pending first = pending();
    Pending second = pending();
    assertThat(queue.offer(first)).isTrue();
    assertThat(queue.full()).isTrue();

    CompletableFuture<List<Pending>> batch = taking(queue);

    await().untilAsserted(() -> assertThat(queue.size()).isZero());
    assertThat(queue.full()).isFalse();
    assertThat(queue.offer(second)).isTrue();
    queue.close();
    assertThat(batch.join()).containsExactly(first, second);
  }

  @Test
  void isNotFullOnceThoseWhoWaitedWereAnswered() {
    RequestQueue queue = new RequestQueue(1, 1, Duration.ZERO);
    Pending gone = pending();
    assertThat(queue.offer(gone)).isTrue();

    assertThat(gone.answer().cancel(false)).isTrue();
    assertThat(queue.full()).isTrue();
    queue.sweep(System.nanoTime(), new StatisticsCounters());

    assertThat(queue.full()).isFalse();
    assertThat(queue.size()).isZero();
  }

  private static CompletableFuture<List<Pending>> taking(RequestQueue queue) {
    CompletableFuture<List<Pending>> batch = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    batch.complete(queue.take());
                  } catch (InterruptedException e) {
                    batch.completeExceptionally(e);
                  }
                });
    return batch;
  }

  private static Pending pending() {
    return new Pending(InferenceRequest.of(Map.of()), 1, PATIENCE, System.nanoTime());
  }
}
