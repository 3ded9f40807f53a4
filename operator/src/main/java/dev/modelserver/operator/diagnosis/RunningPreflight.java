package dev.modelserver.operator.diagnosis;

import dev.modelserver.operator.snapshot.ContainerStatuses;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Preflights;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A preflight that runs: it downloads and checks the model. How far it is, only its log says; of a
 * container that runs, the cluster shows since when.
 *
 * @param pod name of the pod
 * @param since when the container was started
 */
public record RunningPreflight(String pod, Instant since) {
  /** For longer than that, somebody who waits wants to know. */
  private static final Duration LONG = Duration.ofMinutes(1);

  /** The one of a revision that runs longest, if it has run for long. */
  public static Optional<RunningPreflight> longest(Observed observed, String hash) {
    return longest(observed.podsOf(hash))
        .filter(preflight -> !preflight.toldFrom().isAfter(observed.now()));
  }

  /** How long it is until another preflight has run for long; empty where none runs. */
  public static Optional<Duration> nextNotice(Observed observed) {
    return of(observed.pods())
        .map(RunningPreflight::toldFrom)
        .filter(time -> time.isAfter(observed.now()))
        .min(Comparator.naturalOrder())
        .map(time -> Duration.between(observed.now(), time));
  }

  static Optional<RunningPreflight> longest(Collection<Pod> pods) {
    return of(pods).min(Comparator.comparing(RunningPreflight::since));
  }

  private static Stream<RunningPreflight> of(Collection<Pod> pods) {
    return pods.stream().flatMap(pod -> of(pod).stream());
  }

  private static Optional<RunningPreflight> of(Pod pod) {
    try {
      return Preflights.status(pod)
          .flatMap(status -> Optional.ofNullable(status.getState()))
          .map(ContainerState::getRunning)
          .map(ContainerStateRunning::getStartedAt)
          .map(time -> new RunningPreflight(ContainerStatuses.name(pod), Instant.parse(time)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Instant toldFrom() {
    return since.plus(LONG);
  }

  /** What it does, and where to see how far it is. */
  public String sentence() {
    return "Pod %s has been in preflight (download and checks of the model) since %s: kubectl logs %s -c preflight shows how far the download is"
        .formatted(pod, since, pod);
  }
}
