package dev.modelserver.operator.diagnosis;

import static dev.modelserver.operator.snapshot.ContainerStatuses.words;

import dev.modelserver.operator.diagnosis.Diagnosis.Evidence;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.Preflights;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks on the Events of a revision's pods: a volume that cannot be mounted shows only there. */
final class EventChecks {
  private static final Set<String> MOUNT_REASONS =
      Set.of("FailedMount", "FailedAttachVolume", "FailedMapVolume");
  private static final Pattern MISSING =
      Pattern.compile("(configmap|secret|persistentvolumeclaim)s? \"([^\"]+)\" not found");

  /** A kubelet does not name the ConfigMap then, nor say that it is the only volume by its key. */
  private static final Pattern NO_KEY =
      Pattern.compile("references non-existent config key: (\\S+)");

  private static final Pattern VOLUME = Pattern.compile("for volume \"([^\"]+)\"");

  /** What a kubelet says in the first moments of a healthy pod, and takes back by itself. */
  private static final Pattern STARTING =
      Pattern.compile("failed to sync \\w+ cache|not registered");

  /** Kubernetes' word for a volume that one node holds and another wants. */
  private static final String MULTI_ATTACH = "Multi-Attach error";

  private EventChecks() {}

  static Optional<Cause> notMounted(Evidence evidence) {
    return ofStuckPods(evidence)
        .filter(e -> MOUNT_REASONS.contains(e.getReason()))
        .filter(e -> !STARTING.matcher(words(e.getMessage())).find())
        .map(EventChecks::mount)
        .findFirst();
  }

  /** The node cannot make the pod's sandbox: network plugin, runtime class, container runtime. */
  static Optional<Cause> noSandbox(Evidence evidence) {
    return ofStuckPods(evidence)
        .filter(e -> "FailedCreatePodSandBox".equals(e.getReason()))
        .map(
            e ->
                Cause.transientCause(
                    Reason.POD_SANDBOX_FAILED,
                    "Pod %s gets no sandbox from its node (%s): look at the node's network plugin and container runtime"
                        .formatted(e.getInvolvedObject().getName(), words(e.getMessage()))))
        .findFirst();
  }

  /** What the kubelet says of a Secret for a registry that is not there. */
  static Optional<String> pullSecretMissing(Evidence evidence, Pod pod) {
    return about(evidence, pod, "FailedToRetrieveImagePullSecret");
  }

  /** What the kubelet says of a probe that fails; each slow start says so, too. */
  static Optional<String> probe(Evidence evidence, Pod pod) {
    return about(evidence, pod, "Unhealthy");
  }

  private static Optional<String> about(Evidence evidence, Pod pod, String reason) {
    return evidence.observed().warnings().stream()
        .filter(e -> reason.equals(e.getReason()))
        .filter(e -> pod.getMetadata().getUid().equals(e.getInvolvedObject().getUid()))
        .map(e -> words(e.getMessage()))
        .findFirst();
  }

  private static Stream<Event> ofStuckPods(Evidence evidence) {
    Set<String> stuck =
        evidence.pods().stream()
            .filter(EventChecks::notStarted)
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toSet());
    return evidence.observed().warnings().stream()
        .filter(e -> stuck.contains(e.getInvolvedObject().getUid()));
  }

  /** A pod whose volumes are mounted has started its first container: older Events are history. */
  private static boolean notStarted(Pod pod) {
    return Preflights.status(pod)
        .map(s -> s.getState() == null || s.getState().getWaiting() != null)
        .map(waiting -> waiting && Preflights.all(pod).isEmpty())
        .orElse(true);
  }

  private static Cause mount(Event event) {
    String pod = event.getInvolvedObject().getName();
    String words = words(event.getMessage());
    if (words.contains(MULTI_ATTACH)) {
      return Cause.transientCause(
          Reason.VOLUME_IN_USE,
          "Pod %s waits for a volume that another node holds (%s): use a claim that several nodes can read (ReadOnlyMany), or keep the pods on one node with spec.pod.affinity"
              .formatted(pod, words));
    }
    Matcher key = NO_KEY.matcher(words);
    if (key.find()) {
      return Cause.transientCause(
          Reason.CONFIG_MAP_NOT_FOUND,
          "Pod %s waits for the key %s of a ConfigMap (%s): add it to the ConfigMap that spec.model.trust.configMap.name names, or correct spec.model.trust.configMap.key"
              .formatted(pod, key.group(1), words));
    }
    Matcher missing = MISSING.matcher(words);
    if (!missing.find()) {
      return Cause.transientCause(
          Reason.VOLUME_MOUNT_FAILED,
          "Pod %s cannot mount a volume (%s): check the ConfigMap, Secret or claim that the spec names"
              .formatted(pod, words));
    }
    Reason reason =
        switch (missing.group(1)) {
          case "configmap" -> Reason.CONFIG_MAP_NOT_FOUND;
          case "secret" -> Reason.SECRET_NOT_FOUND;
          default -> Reason.VOLUME_NOT_FOUND;
        };
    return Cause.transientCause(
        reason,
        "Pod %s waits for %s %s (%s): %s"
            .formatted(pod, missing.group(1), missing.group(2), words, remedy(words)));
  }

  /** A kubelet names the volume before the cause. */
  private static String remedy(String words) {
    Matcher volume = VOLUME.matcher(words);
    return switch (volume.find() ? volume.group(1) : "") {
      case "tls" ->
          "create it in this namespace, of type kubernetes.io/tls, or correct spec.server.tls.secretName";
      case "tokens" ->
          "create it in this namespace, with a key for each client, or correct spec.server.authentication.tokens.secretName";
      case "credentials" ->
          "create it in this namespace, with the keys for the source of the model (kubectl explain modelserver.spec.model.credentials), or correct spec.model.credentials.secretName";
      case "trust" ->
          "create it in this namespace, with the CA certificates of the source of the model, or correct spec.model.trust.configMap.name";
      default -> "create it in this namespace or change the spec";
    };
  }
}
