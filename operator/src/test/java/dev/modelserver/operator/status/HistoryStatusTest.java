package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.TWO;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.V2;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.find;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.plan;
import static dev.modelserver.operator.status.Situations.status;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RevisionStatus;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the status tells of the history, of a rollback by hand and of a paused rollout. */
class HistoryStatusTest {
  private static final Observed SECOND_COMPLETE =
      World.of(World.complete(TWO, 3), World.verified(TWO, "1234567890"));

  private static ModelServer backTo(String number) {
    ModelServer server = Yaml.modelServer("model: {uri: 'https://h/m', version: v2}\nreplicas: 3");
    server.getMetadata().setAnnotations(Map.of("modelserver.dev/rollback-to", number));
    return server;
  }

  private static List<Revision> bothGood() {
    return plan(V2, plan(V2, good(), World.empty()).kept(), SECOND_COMPLETE).kept();
  }

  @Test
  void theHistoryHasTheNewestFirstWithWhatBecameOfEach() {
    List<Revision> failed =
        plan(
                V2,
                plan(V2, good(), World.empty()).kept(),
                World.of(World.rolling(TWO, 3, ""), World.refused(TWO, "InvalidModel", true)))
            .kept();

    ModelServerStatus status = status(V2, failed, World.of(World.complete(ONE, 3)), List.of());

    assertThat(requireNonNull(status.history()))
        .containsExactly(
            new RevisionStatus(2L, "iris-" + TWO, "v2", null, null, "RolledBack", "InvalidModel"),
            new RevisionStatus(1L, "iris-" + ONE, "v1", "abcdef01", null, "Good", null));
  }

  @Test
  void aRollbackByHandSaysWhatRunsAndHowToComeBack() {
    ModelServer server = backTo("1");
    List<Revision> pinned = plan(server, bothGood(), SECOND_COMPLETE).kept();

    ModelServerStatus coming = status(server, pinned, SECOND_COMPLETE, List.of());
    ModelServerStatus there = status(server, pinned, World.of(World.complete(ONE, 3)), List.of());

    assertThat(condition(coming, "Ready").message()).contains("is being rolled out (0 of 3 pods");
    assertThat(condition(there, "Ready").status()).isEqualTo("False");
    assertThat(condition(there, "Ready").reason()).isEqualTo("ManualRollback");
    assertThat(condition(there, "RolledBack").message())
        .startsWith("Revision " + ONE + " (v1) runs in place of " + TWO + " (v2)")
        .contains("modelserver.dev/rollback-to is \"1\"", "remove it");
    assertThat(condition(there, "Stalled").reason()).isEqualTo("ManualRollback");
    assertThat(condition(there, "Available").status()).isEqualTo("True");
    assertThat(requireNonNull(there.model()).version()).isEqualTo("v1");
    assertThat(there.lastGoodRevision()).isEqualTo("iris-" + ONE);
    assertThat(Conditions.alarming(condition(there, "RolledBack"))).isFalse();
  }

  @Test
  void aWishThatCannotBeObeyedIsToldWhileTheSpecServes() {
    ModelServerStatus status = status(backTo("9"), bothGood(), SECOND_COMPLETE, List.of());

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(condition(status, "Ready").message()).contains("there are 1 (version v1)");
    assertThat(condition(status, "Stalled").reason()).isEqualTo("RollbackImpossible");
    assertThat(Conditions.transitions(List.of(), Conditions.of(status)))
        .anyMatch(c -> c.reason().equals("RollbackImpossible"));
    assertThat(find(status, "RolledBack")).isEmpty();
  }

  @Test
  void aPausedRolloutThatFailsSaysThatNothingIsRolledBack() {
    ModelServer paused =
        Yaml.modelServer(
            "model: {uri: 'https://h/m', version: v2}\nreplicas: 3\nrollout: {paused: true}");
    Observed failing =
        World.of(World.rolling(TWO, 3, ""), World.refused(TWO, "InvalidModel", true));

    ModelServerStatus status =
        status(paused, plan(V2, good(), World.empty()).kept(), failing, List.of());

    assertThat(condition(status, "Ready").reason()).isEqualTo("InvalidModel");
    assertThat(condition(status, "Ready").message()).contains("spec.rollout.paused is true");
    assertThat(find(status, "RolledBack")).isEmpty();
    assertThat(
            condition(status(V1, good(), World.of(World.complete(ONE, 3)), List.of()), "Ready")
                .status())
        .isEqualTo("True");
  }

  @Test
  void aPauseSaysWhatWaitsAndTouchesNothingElse() {
    ModelServer server = Yaml.modelServer("model: {uri: 'https://h/m', version: v2}\nreplicas: 3");
    server.getMetadata().setAnnotations(Map.of("modelserver.dev/pause-reconciliation", "true"));
    ModelServerStatus before = status(V1, good(), World.of(World.complete(ONE, 3)), List.of());
    server.setStatus(before);
    Observed seen = World.of(World.complete(ONE, 3));

    ModelServerStatus waiting =
        new StatusFactory(Situations.CLOCK)
            .of(
                server,
                new Situation(
                    Yaml.resolved(server),
                    plan(server, good(), seen),
                    seen,
                    List.of(),
                    Map.of(),
                    List.of("Deployment iris"),
                    Optional.empty(),
                    Optional.of(before),
                    List.of(),
                    List.of()));

    assertThat(condition(waiting, "Ready").reason()).isEqualTo("ReconciliationPaused");
    assertThat(condition(waiting, "Ready").message()).contains("Deployment iris", "Remove it");
    assertThat(condition(waiting, "ReconciliationPaused").status()).isEqualTo("True");
    assertThat(condition(waiting, "Reconciling").reason()).isEqualTo("ReconciliationPaused");
    assertThat(condition(waiting, "Available").status()).isEqualTo("True");
    assertThat(waiting.currentRevision()).isEqualTo(before.currentRevision());
    assertThat(waiting.history()).isEqualTo(before.history());
  }

  @Test
  void aPauseInWhichNothingWaitsLeavesReadyTrue() {
    ModelServer server = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 3");
    server.getMetadata().setAnnotations(Map.of("modelserver.dev/pause-reconciliation", "true"));

    ModelServerStatus status = status(server, good(), World.of(World.complete(ONE, 3)), List.of());

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(condition(status, "ReconciliationPaused").message()).contains("nothing waits");
    assertThat(find(status, "Reconciling")).isEmpty();
  }
}
