package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.available;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.pod;
import static dev.modelserver.operator.status.Situations.situation;
import static dev.modelserver.operator.status.Situations.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.diagnosis.ServerCrash;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server that crashed: what Ready says of it, and when there is an Event. */
class ServerCrashTest {
  private static final Instant AT = World.NOW.minusSeconds(60);

  @Test
  void isASentenceOfReadyOnceThePodIsBack() {
    ModelServerStatus status =
        status(V1, good(), World.of(World.complete(ONE, 3), crashed(true, 1, AT)), List.of());

    Condition ready = condition(status, "Ready");
    assertThat(ready.status()).isEqualTo("True");
    assertThat(ready.reason()).isEqualTo("Ready");
    assertThat(ready.message())
        .contains(
            "serves with 3 of 3 pods; Container server of pod iris-1 was ended by SIGFPE in native"
                + " code (1 restarts)",
            "kubectl logs iris-1 -c server --previous");
  }

  @Test
  void isASentenceOfReadyAboveTheMinimum() {
    Condition ready = condition(below(2), "Ready");

    assertThat(ready.status()).isEqualTo("True");
    assertThat(ready.message()).contains("was ended by SIGFPE");
  }

  @Test
  void isTheReasonBelowTheMinimum() {
    Condition ready = condition(below(1), "Ready");

    assertThat(ready.status()).isEqualTo("False");
    assertThat(ready.reason()).isEqualTo("ServerCrashed");
    assertThat(ready.message()).contains("at least 2 are needed", "was ended by SIGFPE");
  }

  @Test
  void isForgottenAfterADay() {
    ModelServerStatus status =
        status(
            V1,
            good(),
            World.of(World.complete(ONE, 3), crashed(true, 1, World.NOW.minusSeconds(90_000))),
            List.of());

    assertThat(condition(status, "Ready").message()).doesNotContain("SIGFPE");
  }

  @Test
  void isOneEventForEachCrash() {
    List<Condition> before =
        Conditions.of(status(V1, good(), World.of(World.complete(ONE, 3)), List.of()));
    Observed first = World.of(World.complete(ONE, 3), crashed(true, 1, AT));
    List<Condition> after = Conditions.of(status(V1, good(), first, List.of()));

    Optional<Condition> event = Conditions.crash(crash(first), before, after);

    assertThat(event)
        .hasValueSatisfying(
            c -> {
              assertThat(c.reason()).isEqualTo("ServerCrashed");
              assertThat(c.message()).startsWith("Container server of pod iris-1");
            });
    assertThat(Conditions.crash(crash(first), after, after)).isEmpty();
    Observed second = World.of(World.complete(ONE, 3), crashed(true, 2, AT.plusSeconds(30)));
    List<Condition> later = Conditions.of(status(V1, good(), second, List.of()));
    assertThat(Conditions.crash(crash(second), after, later))
        .hasValueSatisfying(
            c ->
                assertThat(c.lastTransitionTime())
                    .isNotEqualTo(event.orElseThrow().lastTransitionTime()));
  }

  @Test
  void isToldByTheTransitionBelowTheMinimum() {
    List<Condition> before =
        Conditions.of(status(V1, good(), World.of(World.complete(ONE, 3)), List.of()));
    Observed seen = World.of(available(1), crashed(false, 1, AT));

    List<Condition> after = Conditions.of(status(V1, good(), seen, List.of()));

    assertThat(Conditions.transitions(before, after))
        .extracting(Condition::reason)
        .contains("ServerCrashed");
    assertThat(Conditions.crash(crash(seen), before, after)).isEmpty();
  }

  private static Optional<ServerCrash> crash(Observed seen) {
    return situation(V1, good(), seen, List.of()).crash();
  }

  private static ModelServerStatus below(int pods) {
    return status(V1, good(), World.of(available(pods), crashed(false, 1, AT)), List.of());
  }

  private static Pod crashed(boolean ready, int restarts, Instant at) {
    return pod(
        "containerStatuses: [{name: server, ready: %s, restartCount: %d, state: {running: {}}, lastState: {terminated: {reason: Error, exitCode: 134, finishedAt: '%s', message: '#  SIGFPE (0x8) at pc=0x00007f0f, pid=1'}}}]"
            .formatted(ready, restarts, at));
  }
}
