package dev.modelserver.operator.snapshot;

import dev.modelserver.operator.names.Labels;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the cluster shows of a ModelServer, as one snapshot.
 *
 * @param deployment the Deployment, if the ModelServer controls it
 * @param autoscaler the HorizontalPodAutoscaler, if the ModelServer controls it
 * @param pods its pods that are not being deleted
 * @param leaving its pods that are being deleted, or were a moment ago
 * @param warnings warning Events about these pods
 * @param otherServices names of Services of others that select its pods by labels of {@code
 *     spec.pod.labels}
 * @param outside what leads to it from outside the cluster
 * @param optionalKinds the kinds that a cluster may lack and this one has
 * @param now when it was seen
 */
public record Observed(
    Optional<Deployment> deployment,
    Optional<HorizontalPodAutoscaler> autoscaler,
    List<Pod> pods,
    List<Pod> leaving,
    List<Event> warnings,
    List<String> otherServices,
    Outside outside,
    Set<Class<?>> optionalKinds,
    Instant now) {
  /**
   * Whether the cluster has this kind of an object that no model needs; every one has Ingresses.
   */
  public boolean serves(Class<?> kind) {
    return kind == Ingress.class || optionalKinds.contains(kind);
  }

  /** Pods of a revision; those of an earlier attempt with another baseline are history. */
  public List<Pod> podsOf(String hash) {
    Optional<String> config =
        deployment
            .map(Deployment::getSpec)
            .filter(spec -> RolloutState.revisionOf(spec).filter(hash::equals).isPresent())
            .flatMap(spec -> Configs.mounted(spec.getTemplate().getSpec()));
    return pods.stream()
        .filter(pod -> hash.equals(pod.getMetadata().getLabels().get(Labels.REVISION)))
        .filter(
            pod ->
                config.isEmpty()
                    || Configs.mounted(pod.getSpec()).map(config.get()::equals).orElse(true))
        .toList();
  }

  /** The revisions that its pods and its Deployment are of. */
  public Set<String> revisions() {
    return Stream.concat(
            pods.stream().map(pod -> pod.getMetadata().getLabels().get(Labels.REVISION)),
            deployment.flatMap(d -> RolloutState.revisionOf(d.getSpec())).stream())
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /**
   * Whether pods of this revision fail for longer than the deadline while the Deployment does not
   * judge them: once it was complete, be it with no pods at all, it watches no deadline any more.
   */
  public boolean overdue(String hash, Duration deadline) {
    boolean unjudged =
        deployment
            .flatMap(d -> RolloutState.condition(d, "Progressing"))
            .map(c -> "NewReplicaSetAvailable".equals(c.getReason()))
            .orElse(false);
    return unjudged
        && podsOf(hash).stream()
            .filter(pod -> !ready(pod))
            .map(pod -> pod.getMetadata().getCreationTimestamp())
            .anyMatch(created -> Instant.parse(created).plus(deadline).isBefore(now));
  }

  /** How far the download was of a pod of this revision that was ended, in preflight's words. */
  public Optional<String> interruptedDownload(String hash) {
    return leaving.stream()
        .filter(pod -> hash.equals(pod.getMetadata().getLabels().get(Labels.REVISION)))
        .flatMap(pod -> Preflights.all(pod).stream())
        .filter(PreflightReport::interrupted)
        .map(PreflightReport::message)
        .findFirst();
  }

  /** Whether a preflight of this pod had to end while it downloaded. */
  public static boolean tellsOfADownload(Pod pod) {
    return Preflights.all(pod).stream().anyMatch(PreflightReport::interrupted);
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

  private static boolean ready(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }
}
