package dev.modelserver.operator.status;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.observe.Refusal;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.World;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatusTest {
  private static final ModelServer V1 =
      Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 3");
  private static final ModelServer V2 =
      Yaml.modelServer("model: {uri: 'https://h/m', version: v2}\nreplicas: 3");
  private static final String ONE = Yaml.resolved(V1).workload().hash();
  private static final String TWO = Yaml.resolved(V2).workload().hash();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

  static Stream<Arguments> firstStart() {
    return Stream.of(
        Arguments.of("nothing yet", World.empty(), "RollingOut", "0 of 3 pods"),
        Arguments.of(
            "preflight's own words",
            World.of(World.rolling(ONE, 3, ""), World.refused(ONE, "ModelNotFound", false)),
            "ModelNotFound",
            "the words of preflight"),
        Arguments.of(
            "killed for its memory",
            World.of(World.rolling(ONE, 3, ""), terminated("OOMKilled", 137)),
            "OutOfMemory",
            "memory limit 128Mi"),
        Arguments.of(
            "image",
            World.of(World.rolling(ONE, 3, ""), waiting("ImagePullBackOff", "not found: x:1")),
            "ImagePullFailed",
            "not found: x:1"),
        Arguments.of(
            "crash",
            World.of(World.rolling(ONE, 3, ""), terminated("Error", 3)),
            "ContainerCrashed",
            "exit code 3"),
        Arguments.of(
            "no node",
            World.of(World.rolling(ONE, 3, ""), unscheduled("0/1 nodes: Insufficient cpu")),
            "Unschedulable",
            "Insufficient cpu"),
        Arguments.of(
            "no claim",
            World.of(
                World.rolling(ONE, 3, ""),
                unscheduled("persistentvolumeclaim \"models\" not found")),
            "VolumeNotFound",
            "models"),
        Arguments.of(
            "quota",
            World.of(
                World.rolling(
                    ONE,
                    3,
                    ", conditions: [{type: ReplicaFailure, status: 'True', reason: FailedCreate, message: 'exceeded quota: small'}]")),
            "QuotaExceeded",
            "exceeded quota: small"),
        Arguments.of(
            "missing ConfigMap",
            new Observed(
                Optional.of(World.rolling(ONE, 3, "")),
                Optional.empty(),
                List.of(pod("initContainerStatuses: []")),
                List.of(failedMount("configmap \"iris-model\" not found")),
                false,
                World.NOW),
            "ConfigMapNotFound",
            "iris-model"),
        Arguments.of(
            "time is up",
            World.of(World.overdue(ONE, 3)),
            "ProgressDeadlineExceeded",
            "timed out"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("firstStart")
  void tellsTheRootCause(String why, Observed observed, String reason, String words) {
    ModelServerStatus status = status(V1, List.of(), observed, List.of());

    Condition ready = condition(status, "Ready");
    assertThat(ready.status()).isEqualTo("False");
    assertThat(ready.reason()).isEqualTo(reason);
    assertThat(ready.message()).contains(words);
    assertThat(ready.observedGeneration()).isEqualTo(3);
    assertThat(condition(status, "Reconciling").reason()).isEqualTo(reason);
  }

  @Test
  void whatIsHistoryIsNoCause() {
    Pod recovered =
        pod(
            "containerStatuses: [{name: server, ready: true, restartCount: 1, state: {running: {}}, lastState: {terminated: {reason: OOMKilled, exitCode: 137}}}]");
    Pod evicted =
        pod(
            "phase: Failed, containerStatuses: [{name: server, ready: false, restartCount: 0, state: {terminated: {reason: Error, exitCode: 137}}}]");

    ModelServerStatus status =
        status(V1, List.of(), World.of(World.rolling(ONE, 3, ""), recovered, evicted), List.of());

    assertThat(condition(status, "Ready").reason()).isEqualTo("RollingOut");
  }

  @Test
  void aFinalCauseIsNotHiddenByAPassingOneInAnotherPod() {
    ModelServerStatus status =
        status(
            V1,
            List.of(),
            World.of(
                World.rolling(ONE, 3, ""),
                World.refused(ONE, "DownloadFailed", false),
                World.refused(ONE, "ChecksumMismatch", true)),
            List.of());

    assertThat(condition(status, "Ready").reason()).isEqualTo("ChecksumMismatch");
  }

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
            Optional.of(Refusal.nameConflict("ServiceMonitor iris")),
            Optional.empty());

    ModelServerStatus status = new StatusFactory(CLOCK).of(monitored, situation);

    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(condition(status, "Monitoring").reason()).isEqualTo("NameConflict");
    assertThat(find(status, "Stalled")).isEmpty();
  }

  @Test
  void anObjectThatCannotBeRightIsNoOutage() {
    Refusal typo =
        Refusal.of(
            "Deployment iris",
            500,
            "failed to create typed patch object: .spec.template.spec.tolerations[0].efect: field not declared in schema");

    assertThat(typo.reason()).isEqualTo("Invalid");
    assertThat(typo.passing()).isFalse();
    assertThat(Refusal.of("Service iris", 500, "etcd leader changed").passing()).isTrue();
  }

  @Test
  void aFinalCauseOnTheFirstStartNeedsAPerson() {
    ModelServerStatus status =
        status(
            V1,
            List.of(),
            World.of(World.rolling(ONE, 3, ""), World.refused(ONE, "ChecksumMismatch", true)),
            List.of());

    assertThat(condition(status, "Stalled").reason()).isEqualTo("ChecksumMismatch");
    assertThat(find(status, "Reconciling")).isEmpty();
    assertThat(condition(status, "ModelLoaded").status()).isEqualTo("False");
    assertThat(condition(status, "Ready").message()).contains("no earlier good revision");
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

  private static Condition condition(ModelServerStatus status, String type) {
    return find(status, type).orElseThrow(() -> new AssertionError("no " + type + " in " + status));
  }

  private static Optional<Condition> find(ModelServerStatus status, String type) {
    return Conditions.find(Conditions.of(status), type);
  }

  private static RevisionPlan plan(ModelServer server, List<Revision> history, Observed observed) {
    ResolvedModelServer resolved = Yaml.resolved(server);
    return RevisionPlanner.plan(resolved, history, observed, () -> Yaml.rendered(resolved));
  }

  private static List<Revision> good() {
    return plan(
            V1,
            plan(V1, List.of(), World.empty()).kept(),
            World.of(World.complete(ONE, 3), World.verified(ONE, "abcdef0123")))
        .kept();
  }

  private static Situation situation(
      ModelServer server, List<Revision> history, Observed observed, List<Refusal> refusals) {
    return new Situation(
        Yaml.resolved(server),
        plan(server, history, observed),
        observed,
        refusals,
        Optional.empty(),
        Optional.ofNullable(server.getStatus()));
  }

  private static ModelServerStatus status(
      ModelServer server, List<Revision> history, Observed observed, List<Refusal> refusals) {
    return new StatusFactory(CLOCK).of(server, situation(server, history, observed, refusals));
  }

  private static Deployment available(int pods) {
    return World.deployment(
        ONE,
        3,
        "replicas: 3, updatedReplicas: 3, readyReplicas: %1$d, availableReplicas: %1$d"
            .formatted(pods));
  }

  private static Pod pod(String status) {
    return Yaml.read(
        Pod.class,
        """
        metadata: {name: iris-1, uid: pod-1, labels: {modelserver.dev/revision: %s}}
        spec: {containers: [{name: server, resources: {limits: {memory: 128Mi}}}]}
        status: {%s}
        """
            .formatted(ONE, status));
  }

  private static Pod terminated(String reason, int exitCode) {
    return pod(
        "containerStatuses: [{name: server, ready: false, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: %s, exitCode: %d}}}]"
            .formatted(reason, exitCode));
  }

  private static Pod waiting(String reason, String message) {
    return pod(
        "initContainerStatuses: [{name: preflight, image: 'x:1', ready: false, state: {waiting: {reason: %s, message: '%s'}}}]"
            .formatted(reason, message));
  }

  private static Pod unscheduled(String message) {
    return pod(
        "conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '%s'}]"
            .formatted(message));
  }

  private static Event failedMount(String message) {
    return Yaml.read(
        Event.class,
        """
        metadata: {name: e1}
        type: Warning
        reason: FailedMount
        message: '%s'
        involvedObject: {kind: Pod, name: iris-1, uid: pod-1}
        """
            .formatted(message));
  }
}
