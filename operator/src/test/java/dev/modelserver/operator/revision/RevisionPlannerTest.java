package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.ONE;
import static dev.modelserver.operator.revision.Plans.TWO;
import static dev.modelserver.operator.revision.Plans.V1;
import static dev.modelserver.operator.revision.Plans.V2;
import static dev.modelserver.operator.revision.Plans.V2_RETRIED;
import static dev.modelserver.operator.revision.Plans.failing;
import static dev.modelserver.operator.revision.Plans.good;
import static dev.modelserver.operator.revision.Plans.limited;
import static dev.modelserver.operator.revision.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which revision runs, and what is remembered of the others. */
class RevisionPlannerTest {
  @Test
  void rendersTheFirstRevisionAndTargetsIt() {
    RevisionPlan plan = plan(V1, List.of(), World.empty());

    assertThat(plan.current().number()).isEqualTo(1);
    assertThat(plan.target().hash()).isEqualTo(ONE);
    assertThat(plan.lastGood()).isEmpty();
    assertThat(plan.rolledBack()).isFalse();
  }

  @Test
  void isGoodOnceEveryPodIsOfItAndPreflightReported() {
    List<Revision> history = plan(V1, List.of(), World.empty()).kept();

    assertThat(plan(V1, history, World.of(World.complete(ONE, 3))).current().proven()).isFalse();
    RevisionPlan proven =
        plan(V1, history, World.of(World.complete(ONE, 3), World.verified(ONE, "ab12")));

    assertThat(proven.current().proven()).isTrue();
    assertThat(proven.lastGood()).contains(proven.current());
    assertThat(proven.current().pin()).contains("ab12");
  }

  @Test
  void isNotGoodWhileTheDeploymentIsAtAnotherRevision() {
    List<Revision> history = plan(V2, good(V1), World.empty()).kept();

    RevisionPlan plan =
        plan(V2, history, World.of(World.complete(ONE, 3), World.verified(TWO, "cd34")));

    assertThat(plan.current().proven()).isFalse();
  }

  @Test
  void nothingIsProvenByZeroPods() {
    List<Revision> history = plan(V1, List.of(), World.empty()).kept();

    RevisionPlan plan =
        plan(V1, history, World.of(World.complete(ONE, 0), World.verified(ONE, "ab12")));

    assertThat(plan.current().proven()).isFalse();
  }

  @Test
  void aStoredRevisionIsNeverRenderedAgain() {
    List<Revision> history = good(V1);

    RevisionPlan plan =
        RevisionPlanner.plan(
            V1,
            history,
            World.empty(),
            () -> {
              throw new AssertionError("rendered again");
            });

    assertThat(plan.target().template()).isEqualTo(history.getFirst().template());
  }

  @Test
  void rollsBackAtOnceForAFinalCause() {
    RevisionPlan plan = failing(V2, good(V1), "ChecksumMismatch", true);

    assertThat(plan.target().hash()).isEqualTo(ONE);
    assertThat(plan.current().rolledBack())
        .hasValueSatisfying(
            mark -> {
              assertThat(mark.to()).isEqualTo(ONE);
              assertThat(mark.reason()).isEqualTo("ChecksumMismatch");
              assertThat(mark.message()).isEqualTo("the words of preflight");
            });
  }

  @Test
  void waitsForTheDeadlineForAPassingCause() {
    assertThat(failing(V2, good(V1), "ModelNotFound", false).rolledBack()).isFalse();

    RevisionPlan overdue =
        plan(
            V2,
            plan(V2, good(V1), World.empty()).kept(),
            World.of(World.overdue(TWO, 3), World.refused(TWO, "ModelNotFound", false)));

    assertThat(overdue.target().hash()).isEqualTo(ONE);
    assertThat(overdue.current().rolledBack().orElseThrow().reason()).isEqualTo("ModelNotFound");
  }

  @Test
  void judgesItselfWhereTheDeploymentNoLongerDoes() {
    String doneAtZero =
        ", conditions: [{type: Progressing, status: 'True', reason: NewReplicaSetAvailable}]";
    List<Revision> history = plan(V2, good(V1), World.empty()).kept();
    Observed failing =
        World.of(World.rolling(TWO, 3, doneAtZero), World.refused(TWO, "ModelNotFound", false));
    ResolvedModelServer patient =
        Yaml.resolved(
            "model: {uri: 'https://h/m', version: v2}\nrollout: {progressDeadlineSeconds: 600}");

    assertThat(plan(V2, history, failing).target().hash()).isEqualTo(ONE);
    assertThat(plan(patient, history, failing).rolledBack()).isFalse();
  }

  @Test
  void withoutAGoodRevisionItKeepsTrying() {
    RevisionPlan plan = failing(V1, List.of(), "ChecksumMismatch", true);

    assertThat(plan.rolledBack()).isFalse();
    assertThat(plan.cause().orElseThrow().reason()).isEqualTo("ChecksumMismatch");
  }

  @Test
  void aProvenRevisionIsNotRolledBackForALaterFailure() {
    List<Revision> both = good(V2, good(V1));

    RevisionPlan plan =
        plan(V2, both, World.of(World.overdue(TWO, 3), World.refused(TWO, "ModelNotFound", false)));

    assertThat(plan.rolledBack()).isFalse();
  }

  @Test
  void aRolledBackRevisionStaysSoWhateverTheClusterShows() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    for (Observed seen :
        List.of(
            World.empty(),
            World.of(World.complete(ONE, 3), World.verified(ONE, "ab12")),
            World.of(World.rolling(TWO, 3, "")))) {
      assertThat(plan(V2, history, seen).target().hash()).isEqualTo(ONE);
    }
  }

  @Test
  void theRetryAnnotationTriesItAgain() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    RevisionPlan retried =
        plan(V2_RETRIED, history, World.of(World.complete(ONE, 3), World.verified(ONE, "ab12")));

    assertThat(retried.target().hash()).isEqualTo(TWO);
    assertThat(retried.current().rolledBack()).isEmpty();
  }

  @Test
  void anotherFailureAfterTheRetryIsRememberedWithItsToken() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    RevisionPlan again = failing(V2_RETRIED, history, "InvalidModel", true);
    RevisionPlan failedAgain =
        plan(
            V2_RETRIED,
            again.kept(),
            World.of(World.rolling(TWO, 3, ""), World.refused(TWO, "InvalidModel", true)));

    assertThat(failedAgain.target().hash()).isEqualTo(ONE);
    assertThat(failedAgain.current().rolledBack().orElseThrow().retryToken()).isEqualTo("again");
  }

  @Test
  void comingBackFromAnotherSpecTriesItAgain() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();
    List<Revision> away = plan(V1, history, World.empty()).kept();

    RevisionPlan back = plan(V2, away, World.of(World.complete(ONE, 3)));

    assertThat(back.target().hash()).isEqualTo(TWO);
    assertThat(back.current().number()).isGreaterThan(2);
  }

  @Test
  void comingBackToAnEarlierGoodRevisionMustProveItselfAnew() {
    List<Revision> both = good(V2, good(V1));

    RevisionPlan back = plan(V1, both, World.of(World.complete(TWO, 3)));
    RevisionPlan failed =
        plan(
            V1,
            back.kept(),
            World.of(World.rolling(ONE, 3, ""), World.refused(ONE, "ChecksumMismatch", true)));

    assertThat(back.current().proven()).isFalse();
    assertThat(back.lastGood().orElseThrow().hash()).isEqualTo(TWO);
    assertThat(failed.target().hash()).isEqualTo(TWO);
  }

  @Test
  void rollbackCanBeSwitchedOff() {
    ResolvedModelServer manual =
        Yaml.resolved("model: {uri: 'https://h/m', version: v2}\nrollout: {rollbackPolicy: Never}");

    assertThat(failing(manual, good(V1), "InvalidModel", true).rolledBack()).isFalse();
  }

  @Test
  void nothingIsRolledBackWhileTheRolloutIsPaused() {
    String model = "model: {uri: 'https://h/m', version: v2}";
    ResolvedModelServer paused = Yaml.resolved(model + "\nrollout: {paused: true}");

    RevisionPlan held = failing(paused, good(V1), "InvalidModel", true);

    assertThat(held.rolledBack()).isFalse();
    assertThat(held.cause().orElseThrow().reason()).isEqualTo("InvalidModel");
    assertThat(failing(Yaml.resolved(model), held.kept(), "InvalidModel", true).rolledBack())
        .isTrue();
  }

  @Test
  void theHistoryTellsWhatBecameOfEachRevision() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();
    history = plan(limited("v3"), history, World.empty()).kept();
    history = plan(limited("v4"), history, World.empty()).kept();
    String current = history.getFirst().hash();

    assertThat(history.stream().map(r -> r.outcome(current).word()))
        .containsExactlyInAnyOrder("Good", "RolledBack", "Superseded", "RollingOut");
    assertThat(history.stream().flatMap(r -> r.outcomeReason().stream()))
        .containsExactly("InvalidModel");
  }

  @Test
  void neverDropsWhatPodsStillRun() {
    ResolvedModelServer old = limited("old");
    List<Revision> history = plan(old, good(V1), World.empty()).kept();
    String running = old.workload().hash();
    Observed seen = World.of(World.rolling(ONE, 3, ""), World.verified(running, "ab12"));
    for (int i = 0; i < 5; i++) {
      history = plan(limited("next" + i), history, seen).kept();
    }

    assertThat(history).hasSize(5).anyMatch(r -> r.hash().equals(running));
    assertThat(plan(limited("next5"), history, World.empty()).kept())
        .noneMatch(r -> r.hash().equals(running));
  }

  @Test
  void keepsTheHistoryLimitButNeverDropsTheLastGood() {
    List<Revision> history = good(V1);
    for (int i = 0; i < 5; i++) {
      history = plan(limited("bad" + i), history, World.empty()).kept();
    }

    RevisionPlan plan = plan(limited("bad5"), history, World.empty());

    assertThat(plan.kept()).hasSize(4).anyMatch(r -> r.hash().equals(ONE));
    assertThat(plan.kept()).noneMatch(r -> r.number() == 4);
  }
}
