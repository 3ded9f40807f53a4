package dev.modelserver.operator.observe;

import dev.modelserver.operator.observe.Diagnosis.Evidence;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks on the Events of a revision's pods: a volume that cannot be mounted shows only there. */
final class EventChecks {
  private static final Set<String> MOUNT_REASONS =
      Set.of("FailedMount", "FailedAttachVolume", "FailedMapVolume");
  private static final Pattern MISSING =
      Pattern.compile("(configmap|secret|persistentvolumeclaim)s? \"([^\"]+)\" not found");

  /** What a kubelet says in the first moments of a healthy pod, and takes back by itself. */
  private static final Pattern STARTING =
      Pattern.compile("failed to sync \\w+ cache|not registered");

  private EventChecks() {}

  static Optional<Cause> notMounted(Evidence evidence) {
    Set<String> stuck =
        evidence.pods().stream()
            .filter(EventChecks::notStarted)
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toSet());
    return evidence.observed().warnings().stream()
        .filter(e -> MOUNT_REASONS.contains(e.getReason()))
        .filter(e -> stuck.contains(e.getInvolvedObject().getUid()))
        .filter(e -> !STARTING.matcher(e.getMessage()).find())
        .map(EventChecks::cause)
        .findFirst();
  }

  /** A pod whose volumes are mounted has started its first container: older Events are history. */
  private static boolean notStarted(Pod pod) {
    return Preflights.status(pod)
        .map(s -> s.getState() == null || s.getState().getWaiting() != null)
        .map(waiting -> waiting && Preflights.reports(pod).isEmpty())
        .orElse(true);
  }

  private static Cause cause(Event event) {
    String pod = event.getInvolvedObject().getName();
    Matcher missing = MISSING.matcher(event.getMessage());
    if (!missing.find()) {
      boolean key = event.getMessage().contains("non-existent config key");
      return Cause.transientCause(
          key ? "ConfigMapKeyNotFound" : "VolumeMountFailed",
          "Pod %s cannot mount a volume (%s): check what spec.model.uri names"
              .formatted(pod, event.getMessage()));
    }
    String reason =
        switch (missing.group(1)) {
          case "configmap" -> "ConfigMapNotFound";
          case "secret" -> "SecretNotFound";
          default -> "VolumeNotFound";
        };
    return Cause.transientCause(
        reason,
        "Pod %s waits for %s %s (%s): create it in this namespace or change the spec"
            .formatted(pod, missing.group(1), missing.group(2), event.getMessage()));
  }
}
