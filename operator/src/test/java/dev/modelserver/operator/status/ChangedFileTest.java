package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.available;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.find;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file behind a URI without a digest changed while pods serve the old one. */
class ChangedFileTest {
  private static final Observed SEEN =
      World.of(available(2), World.refused(ONE, "DigestMismatch", false));

  @Test
  void readyStaysTrueAndAPersonIsNeeded() {
    ModelServerStatus status = status(V1, good(), SEEN, List.of());

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(condition(status, "Ready").message()).contains("serves with 2 of 3 pods");
    Condition stalled = condition(status, "Stalled");
    assertThat(stalled.reason()).isEqualTo("DigestMismatch");
    assertThat(stalled.message())
        .isEqualTo(
            "No pod of revision %s (v1) can be replaced or added: the words of preflight"
                .formatted(ONE));
    assertThat(find(status, "Reconciling")).isEmpty();
  }

  @Test
  void isOneEvent() {
    List<Condition> before =
        Conditions.of(status(V1, good(), World.of(World.complete(ONE, 3)), List.of()));
    List<Condition> after = Conditions.of(status(V1, good(), SEEN, List.of()));

    assertThat(Conditions.transitions(before, after))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.type()).isEqualTo("Stalled");
              assertThat(event.reason()).isEqualTo("DigestMismatch");
              assertThat(Conditions.alarming(event)).isTrue();
            });
    assertThat(Conditions.transitions(after, after)).isEmpty();
  }

  @Test
  void belowTheMinimumReadyTellsIt() {
    Observed few = World.of(available(1), World.refused(ONE, "DigestMismatch", false));
    List<Condition> before =
        Conditions.of(status(V1, good(), World.of(World.complete(ONE, 3)), List.of()));

    List<Condition> after = Conditions.of(status(V1, good(), few, List.of()));

    assertThat(Conditions.transitions(before, after))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.type()).isEqualTo("Ready");
              assertThat(event.reason()).isEqualTo("DigestMismatch");
            });
  }

  @Test
  void isOverOnceTheOldFileIsBack() {
    ModelServerStatus status = status(V1, good(), World.of(World.complete(ONE, 3)), List.of());

    assertThat(find(status, "Stalled")).isEmpty();
  }
}
