package dev.modelserver.operator.diagnosis;

import dev.modelserver.operator.diagnosis.Diagnosis.Evidence;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.ContainerStatuses;
import dev.modelserver.operator.snapshot.PreflightReport;
import dev.modelserver.operator.snapshot.Preflights;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks whether a container had too little memory, and how much it had. */
final class MemoryChecks {
  /** Java's exit code under -XX:+ExitOnOutOfMemoryError, with which the server's image starts. */
  private static final int HEAP_FULL = 3;

  private MemoryChecks() {}

  /** A container was killed for its memory, or its Java heap was full. */
  static Optional<Cause> outOfMemory(Evidence evidence) {
    return Diagnosis.first(
        evidence.pods(),
        pod -> ContainerStatuses.notReady(pod).flatMap(s -> memory(evidence, pod, s).stream()));
  }

  private static Optional<Cause> memory(Evidence evidence, Pod pod, ContainerStatus status) {
    return ContainerStatuses.lastEnd(status)
        .flatMap(end -> what(end, ContainerStatuses.memoryLimit(pod, status.getName())))
        .map(
            what ->
                Cause.transientCause(
                    Reason.OUT_OF_MEMORY,
                    "Container %s of pod %s %s%s: raise spec.resources.limits.memory"
                        .formatted(
                            status.getName(),
                            ContainerStatuses.name(pod),
                            what,
                            known(evidence, status))));
  }

  private static Optional<String> what(ContainerStateTerminated end, String limit) {
    if ("OOMKilled".equals(end.getReason())) {
      return Optional.of(
          "was killed (OOMKilled) when its memory reached the limit %s".formatted(limit));
    }
    return Integer.valueOf(HEAP_FULL).equals(end.getExitCode())
        ? Optional.of(
            "ended with exit code 3, OutOfMemoryError: its Java heap, 40 %% of the memory limit %s, was full"
                .formatted(limit))
        : Optional.empty();
  }

  /**
   * What is known of the need: the kernel kills at the limit, so the peak of the killed container
   * is the limit; but preflight counts its own before and after it loads the model.
   */
  private static String known(Evidence evidence, ContainerStatus status) {
    List<PreflightReport> reports =
        evidence.pods().stream().flatMap(pod -> Preflights.all(pod).stream()).toList();
    boolean preflight = status.getName().equals(Names.PREFLIGHT);
    return reports.stream()
        .filter(report -> preflight ? report.started() : report.succeeded())
        .flatMap(
            report ->
                Stream.ofNullable(report.memoryPeakBytes()).map(peak -> sentence(report, peak)))
        .findFirst()
        .orElse("");
  }

  private static String sentence(PreflightReport report, long peak) {
    return report.started()
        ? ", while it loaded a model of %s (peak before that %s)"
            .formatted(size(report.bytes() == null ? 0 : report.bytes()), size(peak))
        : " (preflight, which loads the same model once, had a peak of %s)".formatted(size(peak));
  }

  /** In the units of a memory limit. */
  private static String size(long bytes) {
    return bytes < 1 << 20
        ? "%dKi".formatted((bytes + 1023) / 1024)
        : "%dMi".formatted(((bytes - 1) >> 20) + 1);
  }
}
