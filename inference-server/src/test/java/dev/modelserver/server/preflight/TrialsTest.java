package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.preflight.TrialEvent.Began;
import dev.modelserver.server.preflight.TrialEvent.Phase;
import dev.modelserver.server.preflight.TrialEvent.RunBegan;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trial processes that come to no end by themselves. */
class TrialsTest {

  private static final Digest RUN = Digest.of(new byte[] {1});
  private static final Duration SHORT = Duration.ofMillis(50);

  @ParameterizedTest
  @CsvSource({
    "LOAD, '', while ONNX Runtime loaded the model; raise spec.resources.limits.cpu",
    "TRIALS, axis 1 of x, while it tried the model (axis 1 of x); raise",
    "VERIFICATION, a setosa, while it sent the golden request \"a setosa\"; correct its values",
  })
  void givesUpOnAProcessWithoutProgress(Phase phase, String detail, String words) {
    Trials trials = trials(SHORT, Duration.ofMillis(1), new Began(phase, detail).line());

    PreflightException failure = catchThrowableOfType(PreflightException.class, trials::run);

    assertThat(failure.reason()).isEqualTo(Reason.PreflightStalled);
    assertThat(failure.sentence()).contains("preflight made no progress for ", words);
  }

  @Test
  void leavesOutARunThatDoesNotEnd() {
    List<List<String>> tasks = new ArrayList<>();
    Trials trials =
        new Trials(
            (task, out, stuck) -> {
              tasks.add(task);
              if (tasks.size() > 1) {
                return 1;
              }
              out.accept(new Began(Phase.TRIALS, "x").line());
              out.accept(new RunBegan(RUN).line());
              return untilStuck(stuck);
            },
            RUN,
            SHORT,
            SHORT);

    var _ = catchThrowableOfType(PreflightException.class, trials::run);

    assertThat(tasks).hasSize(2);
    assertThat(tasks.getLast()).contains("crashed " + RUN.hex());
    assertThat(trials.crashes()).containsExactly("a run without an end x");
  }

  /** A golden request may take as long as a client of the server would wait. */
  @Test
  void givesAGoldenRequestItsTime() {
    long begin = System.nanoTime();
    Trials trials =
        trials(SHORT, Duration.ofMillis(500), new Began(Phase.VERIFICATION, "slow").line());

    var _ = catchThrowableOfType(PreflightException.class, trials::run);

    assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(500).toNanos());
  }

  private static Trials trials(Duration patience, Duration request, String line) {
    return new Trials(
        (task, out, stuck) -> {
          out.accept(line);
          return untilStuck(stuck);
        },
        RUN,
        patience,
        request);
  }

  private static int untilStuck(BooleanSupplier stuck) {
    while (!stuck.getAsBoolean()) {
      Thread.onSpinWait();
    }
    return 137;
  }
}
