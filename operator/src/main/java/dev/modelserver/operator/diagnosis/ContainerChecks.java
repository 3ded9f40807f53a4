package dev.modelserver.operator.diagnosis;

import static dev.modelserver.operator.snapshot.ContainerStatuses.name;
import static dev.modelserver.operator.snapshot.ContainerStatuses.words;

import dev.modelserver.operator.diagnosis.Diagnosis.Evidence;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.ContainerStatuses;
import dev.modelserver.operator.snapshot.PreflightReport;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.Set;

/** Checks on the containers of a revision's pods: image, creation, crash. */
final class ContainerChecks {
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

  private ContainerChecks() {}

  /** The image cannot be had, perhaps because the Secret for its registry is missing. */
  static Optional<Cause> imageNotPulled(Evidence evidence) {
    return waiting(
        evidence,
        IMAGE_REASONS,
        (pod, status, waiting) -> {
          String sentence =
              "Image %s of pod %s cannot be pulled (%s: %s)"
                  .formatted(
                      status.getImage(),
                      name(pod),
                      waiting.getReason(),
                      words(waiting.getMessage()));
          return EventChecks.pullSecretMissing(evidence, pod)
              .map(
                  words ->
                      Cause.transientCause(
                          Reason.SECRET_NOT_FOUND,
                          "%s and a Secret is missing (%s): create it, or correct spec.pod.imagePullSecrets"
                              .formatted(sentence, words)))
              .orElseGet(
                  () ->
                      Cause.transientCause(
                          Reason.IMAGE_PULL_FAILED,
                          sentence + ": check spec.server.image and spec.pod.imagePullSecrets"));
        });
  }

  /** The kubelet cannot make the container. */
  static Optional<Cause> containerNotCreated(Evidence evidence) {
    return waiting(
        evidence,
        CREATE_REASONS,
        (pod, status, waiting) ->
            Cause.transientCause(
                Reason.CONTAINER_NOT_CREATED,
                "Container %s of pod %s cannot be created (%s: %s): check spec.server and spec.pod"
                    .formatted(
                        status.getName(),
                        name(pod),
                        waiting.getReason(),
                        words(waiting.getMessage()))));
  }

  /** A container ends again and again, or ended with an error. */
  static Optional<Cause> crashed(Evidence evidence) {
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            ContainerStatuses.notReady(pod)
                .flatMap(
                    s ->
                        ContainerStatuses.lastEnd(s)
                            .filter(t -> t.getExitCode() != null && t.getExitCode() != 0)
                            .map(t -> crash(pod, s, t))
                            .stream()));
  }

  private static Cause crash(Pod pod, ContainerStatus status, ContainerStateTerminated end) {
    Optional<ServerCrash> server = ServerCrash.of(pod, status);
    if (server.isPresent()) {
      return Cause.transientCause(Reason.SERVER_CRASHED, server.get().sentence());
    }
    String words =
        PreflightReport.parse(end.getMessage())
            .map(r -> r.reason() + ": " + r.message())
            .or(
                () ->
                    Optional.of(LastOutput.of(words(end.getMessage())))
                        .filter(output -> !output.isEmpty())
                        .map(output -> "its last output: " + output))
            .orElse(words(end.getReason()));
    return Cause.transientCause(
        Reason.CONTAINER_CRASHED,
        "Container %s of pod %s ended with exit code %d after %d restarts (%s): read kubectl logs %s -c %s --previous"
            .formatted(
                status.getName(),
                name(pod),
                end.getExitCode(),
                status.getRestartCount(),
                words,
                name(pod),
                status.getName()));
  }

  @FunctionalInterface
  private interface Telling {
    Cause tell(Pod pod, ContainerStatus status, ContainerStateWaiting waiting);
  }

  private static Optional<Cause> waiting(Evidence evidence, Set<String> reasons, Telling telling) {
    return Diagnosis.first(
        evidence.pods(),
        pod ->
            ContainerStatuses.of(pod)
                .filter(s -> s.getState() != null && s.getState().getWaiting() != null)
                .filter(s -> reasons.contains(s.getState().getWaiting().getReason()))
                .map(s -> telling.tell(pod, s, s.getState().getWaiting())));
  }
}
