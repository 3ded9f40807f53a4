package dev.modelserver.operator.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the cluster shows of a ModelServer, as one snapshot.
 *
 * @param deployment the Deployment, if the ModelServer controls it
 * @param autoscaler the HorizontalPodAutoscaler, if the ModelServer controls it
 * @param pods its pods that are not being deleted
 * @param warnings warning Events about these pods
 * @param monitorKindServed whether the API server knows ServiceMonitors
 */
public record Observed(
    Optional<Deployment> deployment,
    Optional<HorizontalPodAutoscaler> autoscaler,
    List<Pod> pods,
    List<Event> warnings,
    boolean monitorKindServed) {
  private static final String REVISION = "modelserver.dev/revision";

  /** Pods of a revision. */
  public List<Pod> podsOf(String hash) {
    return pods.stream()
        .filter(pod -> hash.equals(pod.getMetadata().getLabels().get(REVISION)))
        .toList();
  }

  /** The report of a preflight of this revision that succeeded. */
  public Optional<PreflightReport> successfulPreflight(String hash) {
    return podsOf(hash).stream()
        .flatMap(pod -> Preflights.reports(pod).stream())
        .filter(PreflightReport::succeeded)
        .findFirst();
  }

  /** The different digests that pods of this revision loaded, sorted. */
  public List<String> digests(String hash) {
    return podsOf(hash).stream()
        .flatMap(pod -> Preflights.reports(pod).stream().limit(1))
        .filter(PreflightReport::succeeded)
        .flatMap(report -> Stream.ofNullable(report.sha256()))
        .distinct()
        .sorted()
        .toList();
  }
}
