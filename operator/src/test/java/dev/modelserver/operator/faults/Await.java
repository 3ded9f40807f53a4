package dev.modelserver.operator.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions by asking again, every 150 ms. */
final class Await {
  private static final Duration PAUSE = Duration.ofMillis(150);

  private Await() {}

  /** Waits until a condition holds; fails with the description when the time is over. */
  static void until(String what, Duration limit, BooleanSupplier condition) {
    if (!within(limit, condition)) {
      throw new AssertionError("not within %d s: %s".formatted(limit.toSeconds(), what));
    }
  }

  /** Waits until there is a value. */
  static <T> T value(String what, Duration limit, Supplier<Optional<T>> source) {
    return value(() -> what, limit, source);
  }

  /** Waits until there is a value; what was awaited is described when the time is over. */
  static <T> T value(Supplier<String> what, Duration limit, Supplier<Optional<T>> source) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> value = source.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within %d s: %s".formatted(limit.toSeconds(), what.get()));
      }
      pause();
    }
  }

  /** Whether a condition came to hold in time. */
  static boolean within(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
