package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.failedMount;
import static dev.modelserver.operator.status.Situations.find;
import static dev.modelserver.operator.status.Situations.pod;
import static dev.modelserver.operator.status.Situations.status;
import static dev.modelserver.operator.status.Situations.terminated;
import static dev.modelserver.operator.status.Situations.unscheduled;
import static dev.modelserver.operator.status.Situations.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The reason and the sentence a person reads are those of the root cause. */
class RootCauseTest {
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
            "reached the limit 128Mi"),
        Arguments.of(
            "image",
            World.of(World.rolling(ONE, 3, ""), waiting("ImagePullBackOff", "not found: x:1")),
            "ImagePullFailed",
            "not found: x:1"),
        Arguments.of(
            "crash",
            World.of(World.rolling(ONE, 3, ""), terminated("Error", 1)),
            "ContainerCrashed",
            "exit code 1"),
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
                List.of(),
                List.of(failedMount("configmap \"iris-model\" not found")),
                List.of(),
                Outside.NONE,
                Set.of(),
                World.NOW),
            "ConfigMapNotFound",
            "iris-model"));
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

  /** A first start that failed in its time goes on trying, but a person should look. */
  @Test
  void aFirstStartWhoseTimeIsUpNeedsAPerson() {
    ModelServerStatus status = status(V1, List.of(), World.of(World.overdue(ONE, 3)), List.of());

    assertThat(condition(status, "Ready").reason()).isEqualTo("ProgressDeadlineExceeded");
    assertThat(condition(status, "Ready").message()).contains("timed out", "it keeps trying");
    assertThat(condition(status, "Stalled").reason()).isEqualTo("ProgressDeadlineExceeded");
    assertThat(find(status, "Reconciling")).isEmpty();
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
  void anObjectThatCannotBeRightIsNoOutage() {
    Refusal typo =
        Refusal.of(
            "Deployment iris",
            500,
            "failed to create typed patch object: .spec.template.spec.tolerations[0].efect: field not declared in schema");

    assertThat(typo.reason()).isEqualTo(Reason.INVALID);
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
}
