package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What runs in a namespace: equal before and after when nothing was restarted and no template
 * changed.
 */
record RunningPods(Set<PodFact> pods, Set<DeploymentFact> deployments) {
  /** A pod and the restarts of all its containers. */
  record PodFact(String name, String uid, String revision, int restarts) {}

  /** A Deployment; its generation counts every change of its spec. */
  record DeploymentFact(String name, String uid, long generation, String template) {}

  static RunningPods of(TestNamespace namespace) {
    KubernetesClient client = namespace.cluster().client();
    return new RunningPods(
        client.pods().inNamespace(namespace.name()).list().getItems().stream()
            .map(
                pod ->
                    new PodFact(
                        pod.getMetadata().getName(),
                        pod.getMetadata().getUid(),
                        String.valueOf(
                            pod.getMetadata().getLabels().get(ModelServerClient.REVISION_LABEL)),
                        restarts(pod.getStatus().getInitContainerStatuses())
                            + restarts(pod.getStatus().getContainerStatuses())))
            .collect(Collectors.toSet()),
        client.apps().deployments().inNamespace(namespace.name()).list().getItems().stream()
            .map(
                deployment ->
                    new DeploymentFact(
                        deployment.getMetadata().getName(),
                        deployment.getMetadata().getUid(),
                        deployment.getMetadata().getGeneration(),
                        client
                            .getKubernetesSerialization()
                            .asJson(deployment.getSpec().getTemplate())))
            .collect(Collectors.toSet()));
  }

  private static int restarts(List<ContainerStatus> statuses) {
    return statuses.stream().mapToInt(ContainerStatus::getRestartCount).sum();
  }
}
