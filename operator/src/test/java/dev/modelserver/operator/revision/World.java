package dev.modelserver.operator.revision;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Snapshots of a cluster, as tests write them. */
public final class World {
  /** When tests look. */
  public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private World() {}

  /** Nothing is there. */
  public static Observed empty() {
    return new Observed(
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Outside.NONE,
        Set.of(),
        NOW);
  }

  /** A Deployment of three pods of this revision and these pods. */
  public static Observed of(Deployment deployment, Pod... pods) {
    Map<Boolean, List<Pod>> all =
        Stream.of(pods)
            .collect(
                Collectors.partitioningBy(pod -> pod.getMetadata().getDeletionTimestamp() == null));
    return new Observed(
        Optional.of(deployment),
        Optional.empty(),
        Objects.requireNonNull(all.get(true)),
        Objects.requireNonNull(all.get(false)),
        List.of(),
        List.of(),
        Outside.NONE,
        Set.of(),
        NOW);
  }

  /** A Deployment that carries a revision and has this status. */
  public static Deployment deployment(String hash, int replicas, String status) {
    return Yaml.read(
        Deployment.class,
        """
        metadata: {name: iris, namespace: models, generation: 4}
        spec:
          replicas: %d
          template: {metadata: {labels: {modelserver.dev/revision: '%s'}}}
        status: {observedGeneration: 4, %s}
        """
            .formatted(replicas, hash, status));
  }

  /** Every pod of the revision is available and no other is left. */
  public static Deployment complete(String hash, int replicas) {
    return deployment(
        hash,
        replicas,
        "replicas: %1$d, updatedReplicas: %1$d, readyReplicas: %1$d, availableReplicas: %1$d"
            .formatted(replicas));
  }

  /** The old pods answer, the first new one does not yet. */
  public static Deployment rolling(String hash, int replicas, String more) {
    return deployment(
        hash,
        replicas,
        "replicas: %d, updatedReplicas: 1, readyReplicas: %d, availableReplicas: %d%s"
            .formatted(replicas + 1, replicas, replicas, more));
  }

  /** The Deployment gave up on the revision. */
  public static Deployment overdue(String hash, int replicas) {
    return rolling(
        hash,
        replicas,
        ", conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded, message: timed out}]");
  }

  /** A pod whose preflight ended with this report. */
  public static Pod preflight(String hash, int exitCode, String report) {
    return Yaml.read(
        Pod.class,
        """
        metadata: {name: iris-1, uid: pod-1, labels: {modelserver.dev/revision: '%s'}, creationTimestamp: '2026-11-22T09:54:00Z'}
        spec: {containers: [{name: server, resources: {limits: {memory: 128Mi}}}]}
        status:
          initContainerStatuses:
          - name: preflight
            restartCount: 1
            state:
              terminated: {exitCode: %d, message: '%s'}
        """
            .formatted(hash, exitCode, report));
  }

  /** A pod whose preflight has been running for so long. */
  public static Pod inPreflight(String hash, Duration time) {
    return Yaml.read(
        Pod.class,
        """
        metadata: {name: iris-1, uid: pod-1, labels: {modelserver.dev/revision: '%s'}, creationTimestamp: '2026-11-22T09:54:00Z'}
        spec: {containers: [{name: server, resources: {limits: {memory: 128Mi}}}]}
        status:
          conditions: [{type: Ready, status: 'False', message: 'containers with incomplete status: [preflight]'}]
          initContainerStatuses:
          - {name: preflight, restartCount: 0, ready: false, state: {running: {startedAt: '%s'}}}
        """
            .formatted(hash, NOW.minus(time)));
  }

  /** A pod that is being deleted, and was before it had downloaded its model. */
  public static Pod interrupted(String hash) {
    Pod pod =
        preflight(
            hash,
            143,
            "{\"contract\":1,\"outcome\":\"Started\",\"reason\":\"Downloading\",\"message\":\"preflight was ended while it downloaded https://h/m: 1000 of 4000 bytes (25 %) in 290 s (3 bytes/s)\",\"final\":false}");
    pod.getMetadata().setDeletionTimestamp(NOW.toString());
    return pod;
  }

  /** A pod whose preflight succeeded with this digest. */
  public static Pod verified(String hash, String sha256) {
    return preflight(
        hash,
        0,
        "{\"contract\":1,\"outcome\":\"Succeeded\",\"reason\":\"ModelLoaded\",\"message\":\"loaded\",\"final\":false,\"sha256\":\"%s\"}"
            .formatted(sha256));
  }

  /** A pod whose preflight refused the model. */
  public static Pod refused(String hash, String reason, boolean isFinal) {
    return preflight(
        hash,
        1,
        "{\"contract\":1,\"outcome\":\"Failed\",\"reason\":\"%s\",\"message\":\"the words of preflight\",\"final\":%s}"
            .formatted(reason, isFinal));
  }
}
