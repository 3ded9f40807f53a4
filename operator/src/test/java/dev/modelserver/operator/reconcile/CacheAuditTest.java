package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CacheAuditTest {
  private final AtomicInteger looks = new AtomicInteger();
  private final CountDownLatch startedAnew = new CountDownLatch(1);

  @Test
  void goesOnAfterALookThatFailed() throws InterruptedException {
    CacheAudit audit =
        new CacheAudit(
            Duration.ofMillis(20),
            () ->
                List.of(new AuditedCache<>("ConfigMap", new FailsAtFirst(), new HoldsWhatIsGone())),
            startedAnew::countDown);
    audit.start();
    try {
      assertThat(startedAnew.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      audit.stop();
    }
  }

  /** The API server has nothing; the first two answers cannot be understood. */
  private final class FailsAtFirst implements AuditedCache.Stored<ConfigMap> {
    @Override
    public void forEach(Consumer<ConfigMap> reader) {
      if (looks.incrementAndGet() <= 2) {
        throw new IllegalStateException("an answer that cannot be understood");
      }
    }

    @Override
    public boolean exists(ResourceID id) {
      return false;
    }
  }

  /** One object, whose deletion was missed. */
  private static final class HoldsWhatIsGone implements Cache<ConfigMap> {
    private static final ResourceID GONE = new ResourceID("gone", "models");

    @Override
    public Optional<ConfigMap> get(ResourceID id) {
      return GONE.equals(id) ? Optional.of(new ConfigMap()) : Optional.empty();
    }

    @Override
    public Stream<ResourceID> keys() {
      return Stream.of(GONE);
    }

    @Override
    public Stream<ConfigMap> list(Predicate<ConfigMap> predicate) {
      return Stream.of(new ConfigMap()).filter(predicate);
    }
  }
}
