package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.preflight.ProgressWatch.Phase;
import dev.modelserver.server.verdict.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressWatchTest {

  private final AtomicLong clock = new AtomicLong();
  private final List<Report> reports = new ArrayList<>();
  private final ProgressWatch watch =
      new ProgressWatch(ProgressWatch.PATIENCE, clock::get, reports::add);

  @ParameterizedTest
  @CsvSource({
    "CONFIGURATION, while it read its configuration; check the node",
    "COPY, while it copied the model from its volume; check that the volume answers",
    "DOWNLOAD, while it downloaded the model; check the disk",
    "INSPECTION, while it read the structure of the model file; export the model",
    "SEAL, while it wrote the model's digest; check the disk",
  })
  void namesThePhaseAndTheRemedy(Phase phase, String words) {
    watch.begins(phase);
    pass(59);
    watch.look();
    assertThat(reports).isEmpty();

    pass(1);
    watch.look();

    assertThat(reports)
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.reason()).isEqualTo(Reason.PreflightStalled);
              assertThat(report.reason().finalCause()).isFalse();
              assertThat(report.message())
                  .startsWith("preflight made no progress for 60 s " + words);
            });
  }

  @Test
  void leavesTheTrialsToTheirOwnLimits() {
    watch.begins(Phase.TRIALS);
    pass(3600);
    watch.look();

    assertThat(reports).isEmpty();
  }

  @Test
  void waitsAsLongAsSomethingHappens() {
    watch.begins(Phase.COPY);
    for (int i = 0; i < 100; i++) {
      pass(59);
      watch.progressed();
      watch.look();
    }

    assertThat(reports).isEmpty();
  }

  private void pass(long seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
