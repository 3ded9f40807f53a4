package dev.modelserver.e2e.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** The state of the tests' namespaces and the operator's log, kept when a test fails. */
final class Diagnostics {
  private Diagnostics() {}

  static void write(String name) {
    KubernetesClient client = Cluster.get().client();
    StringBuilder text = new StringBuilder();
    for (String namespace : TestNamespace.present()) {
      text.append("## namespace ").append(namespace).append('\n');
      for (var modelServer :
          client
              .genericKubernetesResources(ModelServerClient.CONTEXT)
              .inNamespace(namespace)
              .list()
              .getItems()) {
        text.append(client.getKubernetesSerialization().asYaml(modelServer));
      }
      client.pods().inNamespace(namespace).list().getItems().forEach(pod -> text.append(pod(pod)));
      text.append(
          client.v1().events().inNamespace(namespace).list().getItems().stream()
              .sorted(Comparator.comparing(event -> event.getMetadata().getResourceVersion()))
              .map(Diagnostics::event)
              .collect(Collectors.joining()));
    }
    text.append("## operator\n");
    for (Pod pod : OperatorInstall.get().pods()) {
      text.append(pod(pod)).append(log(client, pod));
    }
    Evidence.record("failures/" + name + ".txt", "State when " + name + " failed", text.toString());
  }

  private static String pod(Pod pod) {
    return "pod "
        + pod.getMetadata().getName()
        + " "
        + pod.getMetadata().getLabels()
        + " "
        + Cluster.get().client().getKubernetesSerialization().asYaml(pod.getStatus());
  }

  private static String event(Event event) {
    return String.join(
            " ",
            Optional.ofNullable(event.getLastTimestamp())
                .orElse(event.getMetadata().getCreationTimestamp()),
            event.getInvolvedObject().getKind() + "/" + event.getInvolvedObject().getName(),
            event.getReason(),
            event.getMessage())
        + "\n";
  }

  private static String log(KubernetesClient client, Pod pod) {
    try {
      return client.pods().resource(pod).tailingLines(300).getLog();
    } catch (KubernetesClientException e) {
      return "no log: " + e.getMessage() + "\n";
    }
  }
}
