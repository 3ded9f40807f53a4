package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModelTable.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.BadModel.End;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.ModelServerState.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One bad spec: given to a ModelServer that serves, explained, ended, replaced by the old spec;
 * given once more, explained, and replaced by another good one.
 */
final class BadModelPlay {
  private static final Duration CAUSE_LIMIT = Duration.ofSeconds(90);
  private static final Duration ROLLBACK_LIMIT = Duration.ofSeconds(90);
  private static final Duration SAME_LIMIT = Duration.ofSeconds(60);
  private static final Duration PROGRESS_DEADLINE = Duration.ofSeconds(20);

  private final BadModel bad;
  private final BadModel.Place place;
  private final ModelServerClient iris;
  private final String good;
  private final VisibleCauses causes;
  private final AtomicReference<Instant> told = new AtomicReference<>();

  BadModelPlay(BadModel bad, BadModel.Place place, ModelServerClient iris) {
    this.bad = bad;
    this.place = place;
    this.iris = iris;
    this.good = iris.deployedRevision();
    this.causes = new VisibleCauses(iris, good);
  }

  BadModelTable.Row run() {
    Map<String, Object> spec = BadModel.goodSpec();
    bad.spoil().spoil(place, spec);
    OwnedState before = OwnedState.of(place.namespace(), iris, good);

    Instant patched = Instant.now();
    iris.replaceSpec(spec);
    Condition telling = awaitTold();
    Instant visible = causes.first().orElse(patched);
    String end = end(patched);

    Instant restored = Instant.now();
    iris.replaceSpec(BadModel.goodSpec());
    awaitSame(before);
    Duration untilSame = Duration.between(restored, Instant.now());

    Duration untilTold = Duration.between(visible, told.get());
    iris.replaceSpec(spec);
    awaitTold();
    Instant replaced = Instant.now();
    iris.replaceSpec(BadModel.otherGoodSpec());
    assertSettled(iris.awaitReady());
    return new BadModelTable.Row(
        bad.name(),
        telling.reason(),
        telling.message(),
        // The test may have looked at the status before it looked at the pods.
        untilTold.isNegative() ? Duration.ZERO : untilTold,
        end,
        "same after " + seconds(untilSame) + " s",
        "Ready after " + seconds(Duration.between(replaced, Instant.now())) + " s");
  }

  /** The first condition that tells the reason, about the latest spec. */
  private Condition awaitTold() {
    ModelServerState state =
        iris.await(
            "a status that tells " + bad.reasons(),
            CAUSE_LIMIT,
            each -> {
              causes.look();
              if (telling(each).isEmpty()) {
                return false;
              }
              told.compareAndSet(null, Instant.now());
              return true;
            });
    return telling(state).orElseThrow();
  }

  private Optional<Condition> telling(ModelServerState state) {
    return Stream.of("RolledBack", "Ready", "ScalingActive")
        .flatMap(type -> state.condition(type).stream())
        .filter(condition -> condition.observedGeneration() == state.generation())
        .filter(condition -> bad.reasons().contains(condition.reason()))
        .findFirst();
  }

  private String end(Instant patched) {
    return switch (bad.end()) {
      case AT_ONCE, AT_DEADLINE -> rolledBack(patched);
      case REFUSED -> refused();
      case NOT_SCALING -> {
        assertThat(iris.state().is("Ready")).as("Ready").isTrue();
        yield "goes on serving";
      }
    };
  }

  private String rolledBack(Instant patched) {
    ModelServerState state =
        iris.await(
            "rolled back",
            ROLLBACK_LIMIT,
            each -> {
              causes.look();
              return each.is("RolledBack");
            });
    Duration taken = Duration.between(patched, Instant.now());
    if (bad.end() == End.AT_ONCE) {
      assertThat(taken).as("a final cause is rolled back at once").isLessThan(PROGRESS_DEADLINE);
    } else {
      assertThat(taken)
          .as("other causes are rolled back at the progress deadline")
          .isGreaterThan(PROGRESS_DEADLINE.minusSeconds(2));
    }
    assertRolledBack(state);
    return "rolled back after " + seconds(taken) + " s";
  }

  private void assertRolledBack(ModelServerState state) {
    assertThat(state.condition("Ready"))
        .hasValueSatisfying(
            ready -> {
              assertThat(ready.status()).isEqualTo("False");
              assertThat(ready.reason()).isEqualTo("RolledBack");
              assertThat(ready.observedGeneration()).isEqualTo(state.generation());
            });
    String message = state.condition("RolledBack").orElseThrow().message();
    assertThat(bad.reasons()).as("reason in: " + message).anyMatch(message::contains);
    assertThat(causes.words())
        .as("original words in: " + message)
        .anyMatch(words -> message.contains(words.substring(0, Math.min(60, words.length()))));
    assertThat(state.is("Available")).as("Available").isTrue();
    assertThat(state.is("Stalled")).as("Stalled").isTrue();
    assertThat(iris.deployedRevision()).as("revision of the Deployment").isEqualTo(good);
  }

  private String refused() {
    ModelServerState state = iris.state();
    assertThat(state.is("Ready")).as("Ready").isFalse();
    assertThat(state.is("Available")).as("Available").isTrue();
    assertThat(state.is("Stalled")).as("Stalled").isTrue();
    assertThat(iris.deployedRevision()).as("revision of the Deployment").isEqualTo(good);
    return "left the old pods alone";
  }

  private void awaitSame(OwnedState before) {
    assertSettled(iris.awaitReady());
    Awaitility.await("the state of before")
        .atMost(SAME_LIMIT)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(OwnedState.of(place.namespace(), iris, good).objects())
                    .isEqualTo(before.objects()));
  }

  private static void assertSettled(ModelServerState ready) {
    for (String gone : new String[] {"RolledBack", "Stalled", "Reconciling"}) {
      assertThat(ready.condition(gone)).as(gone + " after the repair").isEmpty();
    }
  }
}
