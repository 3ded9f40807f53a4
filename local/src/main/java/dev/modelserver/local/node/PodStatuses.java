package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes down what a pod does in the words of a kubelet. */
final class PodStatuses {
  /** Name of the one node there is. */
  static final String NODE = "local";

  private PodStatuses() {}

  /** A container that has not run yet. */
  static ContainerStatus waiting(Container container, String reason) {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID("")
        .withReady(false)
        .withStarted(false)
        .withRestartCount(0)
        .withState(waiting(reason))
        .withLastState(new ContainerState())
        .build();
  }

  /** The container, running since now. */
  static ContainerStatus running(ContainerStatus status, Instant now) {
    return status
        .edit()
        .withState(
            new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(text(now))
                .endRunning()
                .build())
        .withStarted(true)
        .build();
  }

  /** The container, ended with this exit code and termination message. */
  static ContainerStatus terminated(
      ContainerStatus status, int exitCode, String message, Instant now) {
    var running = status.getState().getRunning();
    return status
        .edit()
        .withReady(false)
        .withStarted(false)
        .withState(
            new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withReason(exitCode == 0 ? "Completed" : "Error")
                .withMessage(message.isEmpty() ? null : message)
                .withStartedAt(running == null ? text(now) : running.getStartedAt())
                .withFinishedAt(text(now))
                .endTerminated()
                .build())
        .build();
  }

  /** The ended container, waiting for its next start. */
  static ContainerStatus backingOff(ContainerStatus status) {
    return status
        .edit()
        .withLastState(status.getState())
        .withState(waiting("CrashLoopBackOff"))
        .withRestartCount(status.getRestartCount() + 1)
        .build();
  }

  /** The whole status of a pod; a condition keeps its time while its status is the same. */
  static PodStatus of(
      Collection<ContainerStatus> init,
      Collection<ContainerStatus> containers,
      PodStatus previous,
      Instant started,
      Instant now) {
    var initialized =
        init.stream()
            .allMatch(
                status ->
                    status.getState().getTerminated() != null
                        && status.getState().getTerminated().getExitCode() == 0);
    var ready = initialized && containers.stream().allMatch(ContainerStatus::getReady);
    var running = containers.stream().anyMatch(status -> status.getState().getWaiting() == null);
    return new PodStatusBuilder()
        .withPhase(initialized && running ? "Running" : "Pending")
        .withPodIP("127.0.0.1")
        .withHostIP("127.0.0.1")
        .withStartTime(text(started))
        .withInitContainerStatuses(List.copyOf(init))
        .withContainerStatuses(List.copyOf(containers))
        .withConditions(
            conditions(
                Map.of(
                    "PodScheduled", true,
                    "Initialized", initialized,
                    "ContainersReady", ready,
                    "Ready", ready),
                previous,
                now))
        .build();
  }

  private static List<PodCondition> conditions(
      Map<String, Boolean> states, PodStatus previous, Instant now) {
    return states.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            state -> {
              var status = state.getValue() ? "True" : "False";
              var since =
                  previous.getConditions().stream()
                      .filter(old -> old.getType().equals(state.getKey()))
                      .filter(old -> old.getStatus().equals(status))
                      .map(PodCondition::getLastTransitionTime)
                      .findFirst()
                      .orElse(text(now));
              return new PodConditionBuilder()
                  .withType(state.getKey())
                  .withStatus(status)
                  .withReason(state.getValue() ? null : "ContainersNotReady")
                  .withLastTransitionTime(since)
                  .build();
            })
        .toList();
  }

  private static ContainerState waiting(String reason) {
    return new ContainerStateBuilder().withNewWaiting().withReason(reason).endWaiting().build();
  }

  /** A time as Kubernetes writes it: UTC, whole seconds. */
  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
