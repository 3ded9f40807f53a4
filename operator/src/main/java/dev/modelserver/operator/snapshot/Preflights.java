package dev.modelserver.operator.snapshot;

import dev.modelserver.operator.names.Names;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reports of preflight in the container statuses of a pod. */
public final class Preflights {
  private Preflights() {}

  /** Every verdict of the pod, the newest first. */
  public static List<PreflightReport> reports(Pod pod) {
    return all(pod).stream().filter(report -> !report.started()).toList();
  }

  /** Every report, also those of a preflight that was killed before it had a verdict. */
  public static List<PreflightReport> all(Pod pod) {
    return status(pod).stream()
        .flatMap(s -> Stream.of(terminated(s.getState()), terminated(s.getLastState())))
        .flatMap(Optional::stream)
        .map(t -> PreflightReport.parse(t.getMessage()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The status of the container, if the pod has one. */
  public static Optional<ContainerStatus> status(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return pod.getStatus().getInitContainerStatuses().stream()
        .filter(s -> s.getName().equals(Names.PREFLIGHT))
        .findFirst();
  }

  private static Optional<ContainerStateTerminated> terminated(@Nullable ContainerState state) {
    return Optional.ofNullable(state).map(ContainerState::getTerminated);
  }
}
