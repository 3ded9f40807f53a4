package dev.modelserver.operator.diagnosis;

import static dev.modelserver.operator.snapshot.ContainerStatuses.conditions;
import static dev.modelserver.operator.snapshot.ContainerStatuses.name;
import static dev.modelserver.operator.snapshot.ContainerStatuses.words;

import dev.modelserver.operator.diagnosis.Diagnosis.Evidence;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.Preflights;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Checks on the pods of a revision as a whole: preflight's report, scheduling, readiness. */
final class PodChecks {
  /** An evicted pod stays on record for days: what it says is a cause only for so long. */
  private static final Duration EVICTION_TOLD = Duration.ofMinutes(10);

  private PodChecks() {}

  /** Preflight said itself what is wrong. */
  static Optional<Cause> preflightFailed(Evidence evidence) {
    return evidence.pods().stream()
        .flatMap(pod -> Preflights.reports(pod).stream().limit(1))
        .filter(report -> !report.succeeded())
        // A final cause in one pod is not hidden by a passing one in another.
        .min(Comparator.comparing(report -> !report.isFinal()))
        .map(r -> new Cause(r.reason(), r.message(), r.isFinal()));
  }

  /** No node takes the pod. */
  static Optional<Cause> notScheduled(Evidence evidence) {
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            conditions(pod)
                .filter(c -> c.getType().equals("PodScheduled") && c.getStatus().equals("False"))
                .filter(c -> c.getMessage() != null)
                .map(c -> unscheduled(name(pod), c.getMessage())));
  }

  private static Cause unscheduled(String pod, String words) {
    if (words.contains("ReadWriteOncePod access mode")) {
      return Cause.transientCause(
          Reason.VOLUME_IN_USE,
          "Pod %s waits for a volume that one pod alone may use (%s): use a claim that several pods can read (ReadOnlyMany), or set spec.rollout.maxSurge 0 and maxUnavailable 1"
              .formatted(pod, words));
    }
    if (words.contains("persistentvolumeclaim")) {
      return Cause.transientCause(
          Reason.VOLUME_NOT_FOUND,
          "Pod %s waits for its volume (%s): create the claim that spec.model.persistentVolumeClaim names"
              .formatted(pod, words));
    }
    return Cause.transientCause(
        Reason.UNSCHEDULABLE,
        "Pod %s fits on no node (%s): lower spec.resources.requests, change spec.pod placement, or add nodes"
            .formatted(pod, words));
  }

  /** The node threw pods of the revision out, and no nearer cause is known. */
  static Optional<Cause> evicted(Evidence evidence) {
    return evidence.failed().stream()
        .filter(pod -> "Evicted".equals(pod.getStatus().getReason()))
        .filter(pod -> created(pod).plus(EVICTION_TOLD).isAfter(evidence.observed().now()))
        .max(Comparator.comparing(PodChecks::created))
        .map(
            pod ->
                Cause.transientCause(
                    Reason.POD_EVICTED,
                    "Pod %s was evicted (%s): set the resource it names in spec.resources, lower spec.model.maxSize, or free the node"
                        .formatted(name(pod), words(pod.getStatus().getMessage()))));
  }

  private static Instant created(Pod pod) {
    return Instant.parse(pod.getMetadata().getCreationTimestamp());
  }

  /** Preflight is not done: only a cause once the deadline has passed. */
  static Optional<Cause> inPreflight(Evidence evidence) {
    return Optional.of(evidence)
        .filter(e -> e.rollout().deadlineExceeded())
        .flatMap(e -> RunningPreflight.longest(e.pods()))
        .map(
            preflight ->
                Cause.transientCause(
                    Reason.PROGRESS_DEADLINE_EXCEEDED,
                    "Pod %s was in preflight (download and checks of the model) since %s, and not done at the end of spec.rollout.progressDeadlineSeconds: raise it, or put the model where it is read faster"
                        .formatted(preflight.pod(), preflight.since())));
  }

  /** The server runs but does not become ready: only a cause once the deadline has passed. */
  static Optional<Cause> notReady(Evidence evidence) {
    if (!evidence.rollout().deadlineExceeded()) {
      return Optional.empty();
    }
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            conditions(pod)
                .filter(c -> c.getType().equals("Ready") && c.getStatus().equals("False"))
                .map(
                    c ->
                        Cause.transientCause(
                            Reason.PROGRESS_DEADLINE_EXCEEDED,
                            "Pod %s did not become ready in time (%s%s): read kubectl describe pod %s and its logs"
                                .formatted(
                                    name(pod),
                                    words(c.getMessage()),
                                    EventChecks.probe(evidence, pod)
                                        .map(words -> "; " + words)
                                        .orElse(""),
                                    name(pod)))));
  }
}
