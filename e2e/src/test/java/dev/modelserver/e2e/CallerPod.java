package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A pod with these labels that waits, and calls a Service when it is told to: a NetworkPolicy knows
 * a pod by its labels, and plugins need a moment to know a new one.
 */
record CallerPod(TestNamespace namespace, Pod pod) implements AutoCloseable {
  /** What a call gets that is refused or ends in a time-out. */
  static final String NOTHING = "nothing";

  static CallerPod start(TestNamespace namespace, Map<String, String> labels) {
    var pods = namespace.cluster().client().pods().inNamespace(namespace.name());
    Pod pod =
        pods.resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withGenerateName("caller-")
                    .withLabels(labels)
                    .endMetadata()
                    .withNewSpec()
                    .withTerminationGracePeriodSeconds(0L)
                    .withAutomountServiceAccountToken(false)
                    .withNewSecurityContext()
                    .withRunAsNonRoot(true)
                    .withRunAsUser(65532L)
                    .withNewSeccompProfile()
                    .withType("RuntimeDefault")
                    .endSeccompProfile()
                    .endSecurityContext()
                    .addNewContainer()
                    .withName("caller")
                    .withImage(namespace.cluster().settings().serverImage())
                    .withCommand("sleep", "600")
                    .withNewSecurityContext()
                    .withAllowPrivilegeEscalation(false)
                    .withNewCapabilities()
                    .withDrop("ALL")
                    .endCapabilities()
                    .endSecurityContext()
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    pods.withName(pod.getMetadata().getName())
        .waitUntilReady(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS);
    return new CallerPod(namespace, pod);
  }

  /** The status of the answer, or {@link #NOTHING}: some plugins refuse, others drop. */
  String get(ModelServerClient server, String path) {
    return namespace
        .cluster()
        .execute(
            pod,
            """
            timeout 5 bash -c '
              exec 3<>/dev/tcp/%1$s/80
              printf "GET %2$s HTTP/1.1\\r\\nHost: %1$s\\r\\nConnection: close\\r\\n\\r\\n" >&3
              read -r _ status _ <&3 && echo -n "$status"' 2>/dev/null || echo -n nothing
            """
                .formatted(server.name() + "." + server.namespace() + ".svc", path));
  }

  @Override
  public void close() {
    namespace.cluster().client().resource(pod).delete();
  }
}
