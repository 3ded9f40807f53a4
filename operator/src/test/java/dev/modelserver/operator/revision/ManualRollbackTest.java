package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.ONE;
import static dev.modelserver.operator.revision.Plans.TWO;
import static dev.modelserver.operator.revision.Plans.V1;
import static dev.modelserver.operator.revision.Plans.V2;
import static dev.modelserver.operator.revision.Plans.backTo;
import static dev.modelserver.operator.revision.Plans.failing;
import static dev.modelserver.operator.revision.Plans.good;
import static dev.modelserver.operator.revision.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.resolve.ResolvedModelServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A person takes a revision back: annotation modelserver.dev/rollback-to. */
class ManualRollbackTest {
  private static final ResolvedModelServer V3 = Plans.version("v3", "");
  private static final String THREE = V3.workload().hash();

  private final List<Revision> both = good(V2, good(V1));

  @Test
  void runsTheNamedRevisionInPlaceOfAGoodOne() {
    RevisionPlan back = plan(backTo("v2", "1"), both, World.empty());

    assertThat(back.current().hash()).isEqualTo(TWO);
    assertThat(back.target().hash()).isEqualTo(ONE);
    assertThat(back.byHand()).isTrue();
    assertThat(back.lastGood().orElseThrow().hash()).isEqualTo(ONE);
    assertThat(back.current().outcome(TWO)).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(back.current().outcomeReason()).contains("ManualRollback");
    assertThat(back.problem()).isEmpty();
  }

  @Test
  void planningItAgainChangesNothing() {
    RevisionPlan back = plan(backTo("v2", "1"), both, World.empty());

    RevisionPlan again = plan(backTo("v2", "1"), back.kept(), World.of(World.complete(ONE, 3)));

    assertThat(again.kept()).containsExactlyInAnyOrderElementsOf(back.kept());
    assertThat(again.target().hash()).isEqualTo(ONE);
  }

  @Test
  void comesBackToTheSpecWhenTheAnnotationGoesAndMustProveItselfAnew() {
    List<Revision> back = plan(backTo("v2", "1"), both, World.empty()).kept();

    RevisionPlan released = plan(V2, back, World.of(World.complete(ONE, 3)));

    assertThat(released.target().hash()).isEqualTo(TWO);
    assertThat(released.current().proven()).isFalse();
    assertThat(released.current().number()).isEqualTo(3);
    assertThat(failing(V2, released.kept(), "InvalidModel", true).target().hash()).isEqualTo(ONE);
  }

  @Test
  void aNewSpecIsRolledOutThoughTheAnnotationIsStillThere() {
    List<Revision> back = plan(backTo("v2", "1"), both, World.empty()).kept();

    RevisionPlan next = plan(backTo("v3", "1"), back, World.empty());

    assertThat(next.target().hash()).isEqualTo(THREE);
    assertThat(next.problem()).isEmpty();
    assertThat(plan(backTo("v3", "1"), next.kept(), World.empty()).target().hash())
        .isEqualTo(THREE);
    assertThat(plan(V3, next.kept(), World.empty()).target().hash()).isEqualTo(THREE);
  }

  @Test
  void theSameNumberAfterTheAnnotationWasAwayIsANewWish() {
    List<Revision> history = plan(backTo("v2", "1"), both, World.empty()).kept();
    history = plan(backTo("v3", "1"), history, World.empty()).kept();
    history = plan(V3, history, World.empty()).kept();

    assertThat(plan(backTo("v3", "1"), history, World.empty()).target().hash()).isEqualTo(ONE);
  }

  @Test
  void aFailingNewSpecFallsBackToTheChosenRevisionAndNotToTheOneTakenBack() {
    List<Revision> back = plan(backTo("v2", "1"), both, World.empty()).kept();

    assertThat(failing(backTo("v3", "1"), back, "InvalidModel", true).target().hash())
        .isEqualTo(ONE);
  }

  @Test
  void aRevisionThatFailedIsNotTriedAgainWhenTheWishEnds() {
    List<Revision> history = failing(V3, both, "InvalidModel", true).kept();
    RevisionPlan back = plan(backTo("v3", "1"), history, World.empty());

    assertThat(back.target().hash()).isEqualTo(ONE);
    assertThat(plan(V3, back.kept(), World.empty()).rolledBack()).isTrue();
  }

  @Test
  void anUnknownNumberChangesNothingAndNamesTheOnesThereAre() {
    RevisionPlan plan = plan(backTo("v2", "7"), both, World.empty());

    assertThat(plan.target().hash()).isEqualTo(TWO);
    assertThat(plan.problem().orElseThrow())
        .contains("\"7\"", "there are 1 (version v1)", "correct or remove it");
    assertThat(plan(backTo("v1", "last"), List.of(), World.empty()).problem().orElseThrow())
        .contains("there is none yet");
  }

  @Test
  void aRevisionThatWasNeverGoodCannotBeChosen() {
    List<Revision> history = failing(V3, both, "InvalidModel", true).kept();
    history = plan(V2, history, World.empty()).kept();

    assertThat(plan(backTo("v2", "3"), history, World.empty()).problem()).isPresent();
  }

  @Test
  void theChosenRevisionCanBeTakenBackInTurn() {
    List<Revision> history = good(V3, both);
    history = plan(backTo("v3", "1"), history, World.empty()).kept();

    RevisionPlan second = plan(backTo("v3", "2"), history, World.empty());

    assertThat(second.target().hash()).isEqualTo(TWO);
    assertThat(second.lastGood().orElseThrow().hash()).isEqualTo(TWO);
  }
}
