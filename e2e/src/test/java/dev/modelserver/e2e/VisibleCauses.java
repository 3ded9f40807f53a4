package dev.modelserver.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.e2e.cluster.ModelServerClient;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet, the scheduler, the API server and preflight say about the pods of a new
 * revision, and when it was first there to be seen. It is read from the cluster, past the operator,
 * so that the operator's status can be held against it.
 */
final class VisibleCauses {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> PULL_FAILURES =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "CreateContainerError",
          "RunContainerError");

  private static final Set<String> MOUNT_FAILURES = Set.of("FailedMount", "FailedAttachVolume");

  private final ModelServerClient modelServer;
  private final KubernetesClient client;
  private final String goodRevision;
  private final Set<String> words = new LinkedHashSet<>();
  private @Nullable Instant first;

  VisibleCauses(ModelServerClient modelServer, String goodRevision) {
    this.modelServer = modelServer;
    this.client = modelServer.cluster().client();
    this.goodRevision = goodRevision;
  }

  /** Looks at the cluster now. */
  void look() {
    List<Pod> pods = newPods();
    Stream.of(
            pods.stream().flatMap(VisibleCauses::ofContainers),
            pods.stream().flatMap(VisibleCauses::ofScheduler),
            mountFailures(),
            refusals())
        .flatMap(each -> each)
        .filter(text -> text != null && !text.isBlank())
        .forEach(
            text -> {
              if (words.add(text) && first == null) {
                first = Instant.now();
              }
            });
  }

  /** When the first cause was there. */
  Optional<Instant> first() {
    return Optional.ofNullable(first);
  }

  /** All original words up to now. */
  Set<String> words() {
    return Set.copyOf(words);
  }

  private List<Pod> newPods() {
    return client
        .pods()
        .inNamespace(modelServer.namespace())
        .withLabel("modelserver.dev/name", modelServer.name())
        .list()
        .getItems()
        .stream()
        .filter(
            pod ->
                !goodRevision.equals(
                    pod.getMetadata().getLabels().get(ModelServerClient.REVISION_LABEL)))
        .toList();
  }

  private static Stream<String> ofContainers(Pod pod) {
    return Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream())
        .flatMap(VisibleCauses::ofContainer);
  }

  private static Stream<String> ofContainer(ContainerStatus status) {
    Stream<String> ends =
        Stream.of(status.getState(), status.getLastState())
            .filter(state -> state != null && state.getTerminated() != null)
            .filter(state -> state.getTerminated().getExitCode() != 0)
            .flatMap(state -> words(state.getTerminated()));
    Stream<String> waits =
        Stream.ofNullable(status.getState().getWaiting())
            .filter(waiting -> PULL_FAILURES.contains(waiting.getReason()))
            .map(waiting -> waiting.getMessage());
    return Stream.concat(ends, waits);
  }

  /** What the container or the kernel left behind. */
  private static Stream<String> words(ContainerStateTerminated end) {
    String sentence = sentence(end.getMessage());
    boolean silent = "OOMKilled".equals(end.getReason()) || sentence.isBlank();
    return Stream.of(silent ? end.getReason() : sentence);
  }

  /** The sentence in a report of preflight; else the message as it is. */
  private static String sentence(@Nullable String terminationMessage) {
    String message = terminationMessage == null ? "" : terminationMessage;
    try {
      return JSON.readTree(message).path("message").asText();
    } catch (JsonProcessingException e) {
      return message;
    }
  }

  private static Stream<String> ofScheduler(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(
            condition ->
                condition.getType().equals("PodScheduled") && condition.getStatus().equals("False"))
        .map(condition -> condition.getMessage());
  }

  private Stream<String> mountFailures() {
    return client.v1().events().inNamespace(modelServer.namespace()).list().getItems().stream()
        .filter(event -> MOUNT_FAILURES.contains(event.getReason()))
        .map(Event::getMessage);
  }

  private Stream<String> refusals() {
    return client
        .apps()
        .deployments()
        .inNamespace(modelServer.namespace())
        .list()
        .getItems()
        .stream()
        .flatMap(deployment -> deployment.getStatus().getConditions().stream())
        .filter(
            condition ->
                condition.getType().equals("ReplicaFailure")
                    && condition.getStatus().equals("True"))
        .map(condition -> condition.getMessage());
  }
}
