package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.CLOCK;
import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.TWO;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.V2;
import static dev.modelserver.operator.status.Situations.available;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.find;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.plan;
import static dev.modelserver.operator.status.Situations.situation;
import static dev.modelserver.operator.status.Situations.status;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Conditions of a situation: what they say, when they stay, when they move. */
class StatusTest {
  @Test
  void staysReadyWhileNewPodsAreReadyButNotYetAvailable() {
    ModelServer before = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 5");
    before.setStatus(status(V1, good(), World.of(World.complete(ONE, 1)), List.of()));
    Observed seen =
        World.of(
            World.deployment(
                ONE, 5, "replicas: 5, updatedReplicas: 5, readyReplicas: 5, availableReplicas: 1"));

    before.setStatus(status(before, good(), seen, List.of()));

    assertThat(condition(status(before, good(), seen, List.of()), "Ready").status())
        .isEqualTo("True");
  }

  @Test
  void aRefusedServiceMonitorTouchesMonitoringAlone() {
    ModelServer monitored =
        Yaml.modelServer(
            "model: {uri: 'https://h/m', version: v1}\nreplicas: 3\nmonitoring: {serviceMonitor: {}}");
    Observed seen = World.of(World.complete(ONE, 3));
    Situation situation =
        new Situation(
            Yaml.resolved(monitored),
            plan(monitored, good(), seen),
            seen,
            List.of(),
            Map.of(ServiceMonitor.class, Refusal.nameConflict("ServiceMonitor iris")),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of());

    ModelServerStatus status = new StatusFactory(CLOCK).of(monitored, situation);

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(condition(status, "Monitoring").reason()).isEqualTo("NameConflict");
    assertThat(find(status, "Stalled")).isEmpty();
  }

  @Test
  void readyShowsWhatIsServed() {
    ModelServerStatus status =
        status(
            V1,
            List.of(),
            World.of(World.complete(ONE, 3), World.verified(ONE, "abcdef0123")),
            List.of());

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(status.readySummary()).isEqualTo("3/3");
    assertThat(requireNonNull(status.model()).version()).isEqualTo("v1");
    assertThat(requireNonNull(status.model()).shortSha256()).isEqualTo("abcdef01");
    assertThat(status.url()).isEqualTo("http://iris.models.svc");
    assertThat(find(status, "Reconciling")).isEmpty();
    assertThat(find(status, "Stalled")).isEmpty();
  }

  @Test
  void isNotReadyWhileAnotherRevisionRollsOut() {
    ModelServerStatus status = status(V2, good(), World.of(World.rolling(TWO, 3, "")), List.of());

    assertThat(condition(status, "Ready").reason()).isEqualTo("RollingOut");
    assertThat(condition(status, "Available").status()).isEqualTo("True");
  }

  @Test
  void aFailingRolloutSaysWhoServesMeanwhile() {
    ModelServerStatus status =
        status(
            V2,
            good(),
            World.of(World.rolling(TWO, 3, ""), World.refused(TWO, "ModelNotFound", false)),
            List.of());

    assertThat(condition(status, "Ready").message())
        .contains("the words of preflight", "revision " + ONE + " (v1) goes on serving");
  }

  @Test
  void afterARollbackTheOldOneServesAndTheReasonStands() {
    RevisionPlan failed =
        plan(
            V2,
            good(),
            World.of(World.rolling(TWO, 3, ""), World.refused(TWO, "InvalidModel", true)));

    ModelServerStatus status =
        status(V2, failed.kept(), World.of(World.complete(ONE, 3)), List.of());

    assertThat(condition(status, "Ready").reason()).isEqualTo("RolledBack");
    assertThat(condition(status, "RolledBack").message())
        .contains(ONE, TWO, "InvalidModel", "the words of preflight");
    assertThat(condition(status, "Available").status()).isEqualTo("True");
    assertThat(condition(status, "Stalled").status()).isEqualTo("True");
    assertThat(condition(status, "ModelLoaded").reason()).isEqualTo("InvalidModel");
    assertThat(requireNonNull(status.model()).version()).isEqualTo("v1");
    assertThat(status.lastGoodRevision()).isEqualTo("iris-" + ONE);
  }

  @Test
  void thatNothingIsRolledBackForTheSakeOfTlsIsTold() {
    ModelServer strict =
        Yaml.modelServer(
            "model: {uri: 'https://h/m', version: v2}\nreplicas: 3\nserver: {tls: {secretName: s, mode: Strict}}");
    String hash = Yaml.resolved(strict).workload().hash();

    ModelServerStatus status =
        status(
            strict,
            good(),
            World.of(World.rolling(hash, 3, ""), World.refused(hash, "CertificateExpired", true)),
            List.of());

    assertThat(condition(status, "Ready").reason()).isEqualTo("CertificateExpired");
    assertThat(condition(status, "Ready").message())
        .contains(
            "there is no automatic rollback to revision %s (v1), because it has no TLS, and spec.server.tls.mode is Strict; it keeps trying"
                .formatted(ONE));
    assertThat(condition(status, "Stalled").status()).isEqualTo("True");
    assertThat(status.lastGoodRevision()).isEqualTo("iris-" + ONE);
  }

  @Test
  void staysReadyThroughTheLossOfOnePodButNotOfTwo() {
    ModelServerStatus one = status(V1, good(), World.of(available(2)), List.of());
    ModelServerStatus two = status(V1, good(), World.of(available(1)), List.of());

    assertThat(condition(one, "Ready").status()).isEqualTo("True");
    assertThat(condition(two, "Ready").reason()).isEqualTo("PodsUnavailable");
    assertThat(condition(two, "Ready").message()).contains("at least 2 are needed");
  }

  @Test
  void staysReadyWhileScalingUp() {
    ModelServer before = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 9");
    before.setStatus(status(V1, good(), World.of(World.complete(ONE, 3)), List.of()));

    ModelServerStatus status =
        status(
            before,
            good(),
            World.of(
                World.deployment(
                    ONE,
                    9,
                    "replicas: 9, updatedReplicas: 9, readyReplicas: 3, availableReplicas: 3")),
            List.of());

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(status.readySummary()).isEqualTo("3/9");
  }

  @Test
  void aRefusedObjectNeedsAPerson() {
    ModelServerStatus status =
        status(
            V1,
            good(),
            World.of(World.complete(ONE, 3)),
            List.of(Refusal.nameConflict("Service iris")));

    assertThat(condition(status, "Ready").reason()).isEqualTo("NameConflict");
    assertThat(condition(status, "Stalled").message()).contains("Service iris");
  }

  @Test
  void anOutageDoesNotTouchReady() {
    Refusal outage = Refusal.of("Service iris", 0, "connection refused");

    ModelServerStatus status =
        status(V1, good(), World.of(World.complete(ONE, 3)), List.of(outage));

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(condition(status, "Reconciling").reason()).isEqualTo("ApiServerUnavailable");
  }

  @Test
  void aBudgetThatBlocksDrainsIsToldUnlessItIsSwitchedOff() {
    String blocks = "so that no pod can be evicted";

    assertThat(readyWith("disruption: {maxUnavailable: 0}")).contains(blocks);
    assertThat(readyWith("disruption: {maxUnavailable: 0, enabled: false}")).doesNotContain(blocks);
  }

  private static String readyWith(String disruption) {
    ModelServer server =
        Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 3\n" + disruption);
    return condition(status(server, good(), World.of(World.complete(ONE, 3)), List.of()), "Ready")
        .message();
  }

  @Test
  void transitionTimeMovesOnlyWithTheStatus() {
    ModelServer before = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 3");
    before.setStatus(status(V1, List.of(), World.empty(), List.of()));
    Clock later = Clock.offset(CLOCK, java.time.Duration.ofHours(1));

    ModelServerStatus status =
        new StatusFactory(later)
            .of(before, situation(before, good(), World.of(World.complete(ONE, 3)), List.of()));

    assertThat(condition(status, "Ready").lastTransitionTime()).isEqualTo("2026-11-22T11:00:00Z");
    assertThat(condition(status, "ModelLoaded").lastTransitionTime())
        .isEqualTo("2026-11-22T11:00:00Z");
    ModelServer again = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 3");
    again.setStatus(status);
    assertThat(status(again, good(), World.of(World.complete(ONE, 3)), List.of()))
        .isEqualTo(status);
  }

  @Test
  void namesANewerDefaultImage() {
    Revision old = good().getFirst();
    String image = old.image().replace("1.0.0", "0.9.0");
    old.template().getSpec().getContainers().getFirst().setImage(image);

    ModelServerStatus status =
        status(V1, List.of(old), World.of(World.complete(ONE, 3)), List.of());

    assertThat(status.newerServerImage()).isEqualTo("registry.test/server:1.0.0");
  }

  @Test
  void oneEventPerTransition() {
    ModelServerStatus creating = status(V1, List.of(), World.empty(), List.of());
    ModelServerStatus ready = status(V1, good(), World.of(World.complete(ONE, 3)), List.of());

    assertThat(Conditions.transitions(List.of(), Conditions.of(creating)))
        .extracting(Condition::type)
        .containsExactly("Ready");
    assertThat(Conditions.transitions(Conditions.of(creating), Conditions.of(ready)))
        .extracting(Condition::type)
        .containsExactly("Ready");
    assertThat(Conditions.transitions(Conditions.of(ready), Conditions.of(ready))).isEmpty();
  }
}
