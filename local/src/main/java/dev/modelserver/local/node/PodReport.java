package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the API server hears of one pod: its status, and warnings as events. */
final class PodReport {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final Pod pod;
  private final KubernetesClient client;
  private final Instant started = Instant.now();
  private final Map<String, ContainerStatus> init = new LinkedHashMap<>();
  private final Map<String, ContainerStatus> containers = new LinkedHashMap<>();
  private final Set<String> warnings = new HashSet<>();
  private PodStatus status = new PodStatus();

  PodReport(Pod pod, KubernetesClient client) {
    this.pod = pod;
    this.client = client;
    for (var container : pod.getSpec().getInitContainers()) {
      init.put(container.getName(), PodStatuses.waiting(container, "PodInitializing"));
    }
    for (var container : pod.getSpec().getContainers()) {
      containers.put(container.getName(), PodStatuses.waiting(container, "PodInitializing"));
    }
  }

  /** Changes the status of one container; {@link #publish} sends it. */
  void update(Container container, UnaryOperator<ContainerStatus> change) {
    var group = init.containsKey(container.getName()) ? init : containers;
    group.computeIfPresent(container.getName(), (name, old) -> change.apply(old));
  }

  /** Writes the pod's status. */
  void publish(Instant now) {
    status = PodStatuses.of(init.values(), containers.values(), status, started, now);
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .subresource("status")
        .patch(MERGE, Serialization.asJson(Map.of("status", status)));
  }

  /** Writes a Warning event about the pod, once per sentence. */
  void warn(String reason, String message) {
    if (!warnings.add(message)) {
      return;
    }
    var metadata = pod.getMetadata();
    var now = PodStatuses.text(Instant.now());
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(metadata.getName() + "." + Integer.toHexString(message.hashCode()))
            .withNamespace(metadata.getNamespace())
            .endMetadata()
            .withType("Warning")
            .withReason(reason)
            .withMessage(message)
            .withNewInvolvedObject()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .withUid(metadata.getUid())
            .endInvolvedObject()
            .withNewSource()
            .withComponent("kubelet")
            .withHost(PodStatuses.NODE)
            .endSource()
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .build();
    client.v1().events().inNamespace(metadata.getNamespace()).resource(event).create();
  }
}
