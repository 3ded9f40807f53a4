package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoppedInformersTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Set<String> stopped = Set.of();

  private final StoppedInformers informers =
      new StoppedInformers(
          () -> stopped,
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          });

  @Test
  void countsAnInformerAtOnceAndNamesItAfterAMinute() {
    assertThat(informers.forLong()).isEmpty();
    stopped = Set.of("pods", "controller");

    assertThat(informers.count()).isEqualTo(2);
    assertThat(informers.forLong()).isEmpty();
    after(Duration.ofSeconds(59));
    assertThat(informers.forLong()).isEmpty();
    after(Duration.ofSeconds(1));
    assertThat(informers.forLong()).containsExactly("controller", "pods");
  }

  @Test
  void forgetsAnInformerThatRunsAgain() {
    stopped = Set.of("pods");
    assertThat(informers.forLong()).isEmpty();
    after(Duration.ofSeconds(50));
    stopped = Set.of();
    assertThat(informers.forLong()).isEmpty();
    stopped = Set.of("pods");

    after(Duration.ofSeconds(50));
    assertThat(informers.forLong()).isEmpty();
    after(Duration.ofSeconds(60));
    assertThat(informers.forLong()).containsExactly("pods");
  }

  private void after(Duration time) {
    now = now.plus(time);
  }
}
