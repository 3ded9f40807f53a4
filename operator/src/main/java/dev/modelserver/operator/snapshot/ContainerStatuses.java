package dev.modelserver.operator.snapshot;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a pod's status says, whatever of it is there. */
public final class ContainerStatuses {
  private ContainerStatuses() {}

  /** Of all containers, in the order in which they start. */
  public static Stream<ContainerStatus> of(Pod pod) {
    return pod.getStatus() == null
        ? Stream.of()
        : Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream());
  }

  /**
   * Of the containers that do not run well now; what an earlier run of a ready one said is past.
   */
  public static Stream<ContainerStatus> notReady(Pod pod) {
    return of(pod).filter(status -> !Boolean.TRUE.equals(status.getReady()));
  }

  /** What is said of the pod as a whole. */
  public static Stream<PodCondition> conditions(Pod pod) {
    return pod.getStatus() == null ? Stream.of() : pod.getStatus().getConditions().stream();
  }

  /** How the container ended: now, or before it was started again. */
  public static Optional<ContainerStateTerminated> lastEnd(ContainerStatus status) {
    return Stream.of(
            Optional.ofNullable(status.getState()), Optional.ofNullable(status.getLastState()))
        .flatMap(Optional::stream)
        .map(ContainerState::getTerminated)
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  /** The memory limit of a container, as it was written. */
  public static String memoryLimit(Pod pod, String container) {
    return Stream.concat(
            pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
        .filter(c -> c.getName().equals(container))
        .map(Container::getResources)
        .flatMap(r -> r == null ? Stream.of() : Stream.ofNullable(r.getLimits()))
        .flatMap(l -> Stream.ofNullable(l.get("memory")))
        .map(Quantity::toString)
        .findFirst()
        .orElse("of its node");
  }

  /** The name of a pod. */
  public static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  /** A text that may be absent, without space around it. */
  public static String words(@Nullable String text) {
    return text == null ? "" : text.strip();
  }
}
