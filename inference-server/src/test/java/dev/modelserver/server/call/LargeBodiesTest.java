package dev.modelserver.server.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LargeBodiesTest {

  private static final int THREADS = 2;
  private static final int CAPACITY = 3;

  private final Vertx vertx = Vertx.vertx();
  private final LargeBodies large = new LargeBodies(vertx, THREADS, CAPACITY);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void soManyAreReadAtOnceSoManyWaitAndNoMore() {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger read = new AtomicInteger();
    Runnable task =
        () -> {
          begun.incrementAndGet();
          await().until(() -> gate.getCount() == 0);
          read.incrementAndGet();
        };

    for (int i = 0; i < THREADS + CAPACITY; i++) {
      assertThat(large.read(task, thrown -> {})).isTrue();
    }
    await().until(() -> begun.get() == THREADS);
    assertThat(large.read(task, thrown -> {})).isFalse();
    assertThat(large.waiting()).isEqualTo(CAPACITY);
    assertThat(begun.get()).isEqualTo(THREADS);
    gate.countDown();

    await().until(() -> read.get() == THREADS + CAPACITY);
    await().until(() -> large.waiting() == 0 && large.read(task, thrown -> {}));
    await().until(() -> read.get() == THREADS + CAPACITY + 1);
  }

  @Test
  void tellsWhatTheTaskDidNotCatchAndGoesOn() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    IllegalStateException fault = new IllegalStateException("a fault");

    for (int i = 0; i < 2 * (THREADS + CAPACITY); i++) {
      thrown.set(null);
      assertThat(
              large.read(
                  () -> {
                    throw fault;
                  },
                  thrown::set))
          .isTrue();
      await().until(() -> thrown.get() == fault);
    }
  }
}
