package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.TWO;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.V2;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.plan;
import static dev.modelserver.operator.status.Situations.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.observe.RunningPreflight;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A download that takes long: what the status says while it runs, and after it was given up. */
class SlowDownloadTest {
  private static final String SENTENCE =
      "Pod iris-1 has been in preflight (download and checks of the model) since"
          + " 2026-11-22T09:58:30Z: kubectl logs iris-1 -c preflight shows how far the download is";

  @Test
  void isASentenceOfReadyOnceItHasTakenLong() {
    Observed seen =
        World.of(World.rolling(ONE, 3, ""), World.inPreflight(ONE, Duration.ofSeconds(90)));

    Condition ready = condition(status(V1, List.of(), seen, List.of()), "Ready");

    assertThat(ready.reason()).isEqualTo("RollingOut");
    assertThat(ready.message()).endsWith("3 pods answer. " + SENTENCE);
    assertThat(RunningPreflight.nextNotice(seen)).isEmpty();
  }

  @Test
  void isNotToldAtOnceButLookedAtAgain() {
    Observed seen =
        World.of(World.rolling(ONE, 3, ""), World.inPreflight(ONE, Duration.ofSeconds(50)));

    assertThat(condition(status(V1, List.of(), seen, List.of()), "Ready").message())
        .doesNotContain("preflight");
    assertThat(RunningPreflight.nextNotice(seen)).hasValue(Duration.ofSeconds(10));
  }

  @Test
  void isTheCauseWhenTheDeadlineIsOver() {
    RevisionPlan plan =
        plan(
            V2,
            good(),
            World.of(World.overdue(TWO, 3), World.inPreflight(TWO, Duration.ofMinutes(5))));

    assertThat(plan.rolledBack()).isTrue();
    assertThat(plan.current().rolledBack())
        .hasValueSatisfying(
            mark -> {
              assertThat(mark.reason()).isEqualTo("ProgressDeadlineExceeded");
              assertThat(mark.message())
                  .startsWith(
                      "Pod iris-1 was in preflight (download and checks of the model) since")
                  .contains("not done at the end of spec.rollout.progressDeadlineSeconds");
            });
  }

  @Test
  void theRollbackQuotesHowFarItCame() {
    List<Revision> rolledBack =
        plan(
                V2,
                good(),
                World.of(World.overdue(TWO, 3), World.inPreflight(TWO, Duration.ofMinutes(5))))
            .kept();
    Observed leaving = World.of(World.complete(ONE, 3), World.interrupted(TWO));

    List<Revision> told = plan(V2, rolledBack, leaving).kept();

    String words =
        "Preflight's last report: preflight was ended while it downloaded https://h/m: 1000 of 4000"
            + " bytes (25 %) in 290 s (3 bytes/s)";
    Observed gone = World.of(World.complete(ONE, 3));
    assertThat(condition(status(V2, told, gone, List.of()), "RolledBack").message())
        .contains("was in preflight", words);
    assertThat(condition(status(V2, told, gone, List.of()), "Ready").message()).contains(words);
    assertThat(plan(V2, told, leaving).current()).isEqualTo(plan(V2, told, gone).current());
  }

  @Test
  void aPodThatLeavesIsNoCause() {
    Observed seen = World.of(World.rolling(TWO, 3, ""), World.interrupted(TWO));

    assertThat(plan(V2, good(), seen).cause()).isEmpty();
    assertThat(condition(status(V2, good(), seen, List.of()), "Ready").reason())
        .isEqualTo("RollingOut");
  }
}
