package dev.modelserver.operator.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Outside;
import dev.modelserver.operator.snapshot.RolloutState;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What pods and Events show, in Kubernetes' own words, becomes one cause. */
class DiagnosisTest {
  private static final String HASH = "abc";
  private static final Instant CREATED = World.NOW.minusSeconds(60);

  static Stream<Arguments> causes() {
    return Stream.of(
        Arguments.of(
            "preflight is killed for its memory",
            pod(
                "initContainerStatuses: [{name: preflight, ready: false, restartCount: 1, state:"
                    + " {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason:"
                    + " OOMKilled, exitCode: 137, message:"
                    + " '{\"contract\":1,\"outcome\":\"Started\",\"reason\":\"Loading\",\"message\":\"the"
                    + " model is being"
                    + " loaded\",\"final\":false,\"bytes\":891289600,\"memoryPeakBytes\":99614720}'}}}]"),
            List.of(),
            "OutOfMemory",
            "Container preflight of pod iris-1 was killed (OOMKilled) when its memory reached the"
                + " limit 128Mi, while it loaded a model of 850Mi (peak before that 95Mi): raise"
                + " spec.resources.limits.memory"),
        Arguments.of(
            "the server is killed for its memory",
            pod(
                "initContainerStatuses: [{name: preflight, ready: true, restartCount: 0, state:"
                    + " {terminated: {reason: Completed, exitCode: 0, message:"
                    + " '{\"contract\":1,\"outcome\":\"Succeeded\",\"reason\":\"ModelLoaded\",\"message\":\"loaded\",\"final\":false,\"memoryPeakBytes\":99614720}'}}}],"
                    + " containerStatuses: [{name: server, ready: false, restartCount: 3, state:"
                    + " {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason:"
                    + " OOMKilled, exitCode: 137}}}]"),
            List.of(),
            "OutOfMemory",
            "reached the limit 256Mi (preflight, which loads the same model once, had a peak of"
                + " 95Mi)"),
        Arguments.of(
            "Java's heap is full",
            pod(
                "containerStatuses: [{name: server, ready: false, restartCount: 1, state:"
                    + " {terminated: {reason: Error, exitCode: 3}}}]"),
            List.of(),
            "OutOfMemory",
            "Java heap, 40 % of the memory limit 256Mi"),
        Arguments.of(
            "native code ends the server, in the JVM's words",
            pod(
                "containerStatuses: [{name: server, ready: false, restartCount: 2, state: {waiting:"
                    + " {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: Error,"
                    + " exitCode: 134, finishedAt: '2026-11-22T09:59:00Z', message: '#  SIGFPE"
                    + " (0x8) at pc=0x00007f0f, pid=1, tid=12'}}}]"),
            List.of(),
            "ServerCrashed",
            "was ended by SIGFPE in native code (2 restarts)"),
        Arguments.of(
            "native code ends the server without a word",
            pod(
                "containerStatuses: [{name: server, ready: false, restartCount: 1, state:"
                    + " {terminated: {reason: Error, exitCode: 139}}}]"),
            List.of(),
            "ServerCrashed",
            "was ended by SIGSEGV in native code"),
        Arguments.of(
            "a JVM that cannot start, in its own words",
            pod(
                "initContainerStatuses: [{name: preflight, ready: false, restartCount: 2, state:"
                    + " {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason:"
                    + " Error, exitCode: 1, message: \"Unrecognized VM option 'UseFoo'\\nError: Could"
                    + " not create the Java Virtual Machine.\\nError: A fatal exception has"
                    + " occurred. Program will exit.\\n\"}}}]"),
            List.of(),
            "ContainerCrashed",
            "Container preflight of pod iris-1 ended with exit code 1 after 2 restarts (its last"
                + " output: Unrecognized VM option 'UseFoo' | Error: Could not create the Java"
                + " Virtual Machine. | Error: A fatal exception has occurred. Program will exit.):"
                + " read kubectl logs iris-1 -c preflight --previous"),
        Arguments.of(
            "a server that says nothing",
            pod(
                "containerStatuses: [{name: server, ready: false, restartCount: 1, state:"
                    + " {terminated: {reason: Error, exitCode: 1}}}]"),
            List.of(),
            "ContainerCrashed",
            "ended with exit code 1 after 1 restarts (Error): read kubectl logs"),
        Arguments.of(
            "a killed server did not crash",
            pod(
                "containerStatuses: [{name: server, ready: false, restartCount: 1, state:"
                    + " {terminated: {reason: Error, exitCode: 137}}}]"),
            List.of(),
            "ContainerCrashed",
            "exit code 137"),
        Arguments.of(
            "a killed preflight is no verdict",
            pod(
                "initContainerStatuses: [{name: preflight, ready: false, restartCount: 1, state:"
                    + " {terminated: {reason: Error, exitCode: 143, message:"
                    + " '{\"contract\":1,\"outcome\":\"Started\",\"reason\":\"Loading\",\"message\":\"the"
                    + " model is being loaded\",\"final\":false}'}}}]"),
            List.of(),
            "ContainerCrashed",
            "exit code 143"),
        Arguments.of(
            "no Secret with the certificate",
            pod("initContainerStatuses: []"),
            List.of(
                event(
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"tls\" : secret \"iris-tls\" not found")),
            "SecretNotFound",
            "Pod iris-1 waits for secret iris-tls (MountVolume.SetUp failed for volume \"tls\" :"
                + " secret \"iris-tls\" not found): create it in this namespace, of type"
                + " kubernetes.io/tls, or correct spec.server.tls.secretName"),
        Arguments.of(
            "no Secret with the tokens",
            pod("initContainerStatuses: []"),
            List.of(
                event(
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"tokens\" : secret \"iris-tokens\" not"
                        + " found")),
            "SecretNotFound",
            "or correct spec.server.authentication.tokens.secretName"),
        Arguments.of(
            "no Secret with the credentials",
            pod("initContainerStatuses: []"),
            List.of(
                event(
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"credentials\" : secret \"store-keys\""
                        + " not found")),
            "SecretNotFound",
            "Pod iris-1 waits for secret store-keys (MountVolume.SetUp failed for volume"
                + " \"credentials\" : secret \"store-keys\" not found): create it in this namespace,"
                + " with the keys for the source of the model (kubectl explain"
                + " modelserver.spec.model.credentials), or correct"
                + " spec.model.credentials.secretName"),
        Arguments.of(
            "no ConfigMap with the CA of the source",
            pod("initContainerStatuses: []"),
            List.of(
                event(
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"trust\" : configmap \"company-ca\" not"
                        + " found")),
            "ConfigMapNotFound",
            "with the CA certificates of the source of the model, or correct"
                + " spec.model.trust.configMap.name"),
        Arguments.of(
            "no such key in it",
            pod("initContainerStatuses: []"),
            List.of(
                event(
                    "FailedMount",
                    "MountVolume.SetUp failed for volume \"trust\" : configmap references"
                        + " non-existent config key: ca.crt")),
            "ConfigMapNotFound",
            "Pod iris-1 waits for the key ca.crt of a ConfigMap (MountVolume.SetUp failed for"
                + " volume \"trust\" : configmap references non-existent config key: ca.crt): add it"
                + " to the ConfigMap that spec.model.trust.configMap.name names, or correct"
                + " spec.model.trust.configMap.key"),
        Arguments.of(
            "a certificate for another name, in preflight's words",
            pod(
                "initContainerStatuses: [{name: preflight, ready: false, restartCount: 1, state:"
                    + " {terminated: {reason: Error, exitCode: 1, message:"
                    + " '{\"contract\":1,\"outcome\":\"Failed\",\"reason\":\"CertificateNameMismatch\",\"message\":\"the"
                    + " certificate of iris-1 is for a.example\",\"final\":false}'}}}]"),
            List.of(),
            "CertificateNameMismatch",
            "the certificate of iris-1 is for a.example"),
        Arguments.of(
            "a volume that another node holds",
            pod("initContainerStatuses: []"),
            List.of(
                event(
                    "FailedAttachVolume",
                    "Multi-Attach error for volume \"pv-1\" Volume is already used by pod(s)"
                        + " other-1")),
            "VolumeInUse",
            "already used by pod(s) other-1"),
        Arguments.of(
            "a volume for one pod alone",
            pod(
                "conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message:"
                    + " '0/1 nodes are available: 1 node has pod using PersistentVolumeClaim with"
                    + " the same name and ReadWriteOncePod access mode.'}]"),
            List.of(),
            "VolumeInUse",
            "ReadWriteOncePod access mode"),
        Arguments.of(
            "an image and a missing Secret",
            pod(
                "initContainerStatuses: [{name: preflight, image: 'r.example/x:1', ready: false,"
                    + " state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling"
                    + " image'}}}]"),
            List.of(
                event(
                    "FailedToRetrieveImagePullSecret",
                    "Unable to retrieve some image pull secrets (regcred); attempting to pull the"
                        + " image may not succeed.")),
            "SecretNotFound",
            "image pull secrets (regcred)"),
        Arguments.of(
            "no sandbox",
            pod("initContainerStatuses: []"),
            List.of(
                event(
                    "FailedCreatePodSandBox",
                    "Failed to create pod sandbox: plugin type=\"bridge\" failed: no IP addresses"
                        + " available")),
            "PodSandboxFailed",
            "no IP addresses available"),
        Arguments.of(
            "evicted just now",
            pod(
                "phase: Failed, reason: Evicted, message: 'Usage of EmptyDir volume \"model\""
                    + " exceeds the limit \"1Mi\".'"),
            List.of(),
            "PodEvicted",
            "exceeds the limit"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("causes")
  void isToldInItsOwnWords(
      String what, Pod pod, List<Event> warnings, String reason, String words) {
    Optional<Cause> cause = cause(World.rolling(HASH, 3, ""), pod, warnings);

    assertThat(cause)
        .hasValueSatisfying(
            c -> {
              assertThat(c.reason()).isEqualTo(reason);
              assertThat(c.message()).contains("iris-1", words);
              assertThat(c.isFinal()).isFalse();
            });
  }

  @Test
  void anEvictionOfYesterdayIsHistory() {
    Pod old = pod("phase: Failed, reason: Evicted, message: 'low on memory'");
    old.getMetadata().setCreationTimestamp(World.NOW.minusSeconds(86_400).toString());

    assertThat(cause(World.rolling(HASH, 3, ""), old, List.of())).isEmpty();
  }

  @Test
  void aFailingProbeIsQuotedOnceTimeIsUp() {
    Pod pod =
        pod(
            "conditions: [{type: Ready, status: 'False', message: 'containers with unready"
                + " status'}]");
    List<Event> probe =
        List.of(event("Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 503"));

    assertThat(cause(World.rolling(HASH, 3, ""), pod, probe)).isEmpty();
    assertThat(cause(World.overdue(HASH, 3), pod, probe))
        .hasValueSatisfying(c -> assertThat(c.message()).contains("statuscode: 503"));
  }

  /** Anybody may write an Event, and its message may be left out. */
  @Test
  void anEventWithoutWordsIsNoReasonToFail() {
    Event silent = event("FailedMount", "");
    silent.setMessage(null);
    Event probe = event("Unhealthy", "");
    probe.setMessage(null);

    assertThat(cause(World.rolling(HASH, 3, ""), pod("initContainerStatuses: []"), List.of(silent)))
        .hasValueSatisfying(c -> assertThat(c.reason()).isEqualTo("VolumeMountFailed"));
    assertThat(
            cause(
                World.overdue(HASH, 3),
                pod("conditions: [{type: Ready, status: 'False', message: 'not ready'}]"),
                List.of(probe)))
        .hasValueSatisfying(c -> assertThat(c.message()).contains("not ready"));
  }

  private static Optional<Cause> cause(
      io.fabric8.kubernetes.api.model.apps.Deployment deployment, Pod pod, List<Event> warnings) {
    Observed observed =
        new Observed(
            Optional.of(deployment),
            Optional.empty(),
            List.of(pod),
            List.of(),
            warnings,
            List.of(),
            Outside.NONE,
            Set.of(),
            World.NOW);
    return Diagnosis.of(observed, HASH, RolloutState.of(observed.deployment(), HASH));
  }

  private static Pod pod(String status) {
    return Yaml.read(
        Pod.class,
        """
        metadata: {name: iris-1, uid: pod-1, labels: {modelserver.dev/revision: %s}, creationTimestamp: '%s'}
        spec:
          initContainers: [{name: preflight, resources: {limits: {memory: 128Mi}}}]
          containers: [{name: server, resources: {limits: {memory: 256Mi}}}]
        status: {%s}
        """
            .formatted(HASH, CREATED, status));
  }

  private static Event event(String reason, String message) {
    return Yaml.read(
        Event.class,
        """
        metadata: {name: e1}
        type: Warning
        reason: %s
        message: '%s'
        involvedObject: {kind: Pod, name: iris-1, uid: pod-1}
        """
            .formatted(reason, message));
  }
}
