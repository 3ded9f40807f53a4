package dev.modelserver.operator.observe;

import dev.modelserver.operator.observe.Diagnosis.Evidence;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks on the pods of a revision. */
final class PodChecks {
  private static final Set<String> IMAGE_REASONS =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable");
  private static final Set<String> CREATE_REASONS =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

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

  /** A container was killed for its memory. */
  static Optional<Cause> outOfMemory(Evidence evidence) {
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            statuses(pod)
                .filter(s -> !Boolean.TRUE.equals(s.getReady()))
                .filter(s -> lastEnd(s).map(t -> "OOMKilled".equals(t.getReason())).orElse(false))
                .map(s -> memoryCause(pod, s)));
  }

  private static Cause memoryCause(Pod pod, ContainerStatus status) {
    String limit =
        pod.getSpec().getContainers().stream()
            .flatMap(c -> Stream.ofNullable(c.getResources()))
            .flatMap(r -> Stream.ofNullable(r.getLimits()))
            .flatMap(l -> Stream.ofNullable(l.get("memory")))
            .map(Quantity::toString)
            .findFirst()
            .orElse("none");
    return Cause.transientCause(
        "OutOfMemory",
        "Container %s of pod %s was OOMKilled at its memory limit %s: raise spec.resources.limits.memory"
            .formatted(status.getName(), pod.getMetadata().getName(), limit));
  }

  /** The image cannot be had. */
  static Optional<Cause> imageNotPulled(Evidence evidence) {
    return waiting(
        evidence,
        IMAGE_REASONS,
        (pod, status, waiting) ->
            Cause.transientCause(
                "ImagePullFailed",
                "Image %s of pod %s cannot be pulled (%s: %s): check spec.server.image and spec.pod.imagePullSecrets"
                    .formatted(
                        status.getImage(),
                        pod.getMetadata().getName(),
                        waiting.getReason(),
                        words(waiting.getMessage()))));
  }

  /** The kubelet cannot make the container. */
  static Optional<Cause> containerNotCreated(Evidence evidence) {
    return waiting(
        evidence,
        CREATE_REASONS,
        (pod, status, waiting) ->
            Cause.transientCause(
                "ContainerNotCreated",
                "Container %s of pod %s cannot be created (%s: %s): check spec.server and spec.pod"
                    .formatted(
                        status.getName(),
                        pod.getMetadata().getName(),
                        waiting.getReason(),
                        words(waiting.getMessage()))));
  }

  /** No node takes the pod. */
  static Optional<Cause> notScheduled(Evidence evidence) {
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            conditions(pod)
                .filter(c -> c.getType().equals("PodScheduled") && c.getStatus().equals("False"))
                .filter(c -> c.getMessage() != null)
                .map(
                    c ->
                        c.getMessage().contains("persistentvolumeclaim")
                            ? Cause.transientCause(
                                "VolumeNotFound",
                                "Pod %s waits for its volume (%s): create the claim that spec.model.uri names"
                                    .formatted(pod.getMetadata().getName(), c.getMessage()))
                            : Cause.transientCause(
                                "Unschedulable",
                                "Pod %s fits on no node (%s): lower spec.resources.requests, change spec.pod placement, or add nodes"
                                    .formatted(pod.getMetadata().getName(), c.getMessage()))));
  }

  /** A container ends again and again, or ended with an error. */
  static Optional<Cause> crashed(Evidence evidence) {
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            statuses(pod)
                .filter(s -> !Boolean.TRUE.equals(s.getReady()))
                .flatMap(
                    s ->
                        lastEnd(s)
                            .filter(t -> t.getExitCode() != null && t.getExitCode() != 0)
                            .map(t -> crash(pod, s, t))
                            .stream()));
  }

  private static Cause crash(Pod pod, ContainerStatus status, ContainerStateTerminated end) {
    String words =
        PreflightReport.parse(end.getMessage())
            .map(r -> r.reason() + ": " + r.message())
            .orElse(words(end.getMessage()));
    return Cause.transientCause(
        "ContainerCrashed",
        "Container %s of pod %s ended with exit code %d after %d restarts (%s): read kubectl logs %s -c %s --previous"
            .formatted(
                status.getName(),
                pod.getMetadata().getName(),
                end.getExitCode(),
                status.getRestartCount(),
                words.isEmpty() ? words(end.getReason()) : words,
                pod.getMetadata().getName(),
                status.getName()));
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
                            "ProgressDeadlineExceeded",
                            "Pod %s did not become ready in time (%s): read kubectl describe pod %s and its logs"
                                .formatted(
                                    pod.getMetadata().getName(),
                                    words(c.getMessage()),
                                    pod.getMetadata().getName()))));
  }

  @FunctionalInterface
  private interface Telling {
    Cause tell(Pod pod, ContainerStatus status, ContainerStateWaiting waiting);
  }

  private static Optional<Cause> waiting(Evidence evidence, Set<String> reasons, Telling telling) {
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            statuses(pod)
                .filter(s -> s.getState() != null && s.getState().getWaiting() != null)
                .filter(s -> reasons.contains(s.getState().getWaiting().getReason()))
                .map(s -> telling.tell(pod, s, s.getState().getWaiting())));
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    return pod.getStatus() == null
        ? Stream.of()
        : Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream());
  }

  private static Stream<io.fabric8.kubernetes.api.model.PodCondition> conditions(Pod pod) {
    return pod.getStatus() == null ? Stream.of() : pod.getStatus().getConditions().stream();
  }

  private static Optional<ContainerStateTerminated> lastEnd(ContainerStatus status) {
    return Stream.of(
            Optional.ofNullable(status.getState()), Optional.ofNullable(status.getLastState()))
        .flatMap(Optional::stream)
        .map(ContainerState::getTerminated)
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  private static String words(@Nullable String text) {
    return text == null ? "" : text.strip();
  }
}
