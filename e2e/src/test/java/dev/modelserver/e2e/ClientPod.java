package dev.modelserver.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A pod that calls a Service by its DNS name, as an application in the cluster does. It needs
 * nothing but the server image's bash.
 */
final class ClientPod {
  /** What one call got. */
  record Answer(int status, JsonNode body) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  // Prints "STATUS BODY" per call, over a new connection each.
  private static final String SCRIPT =
      """
      for ((i = 0; i < $CALLS; i++)); do
        exec 3<>"/dev/tcp/$SERVICE/80"
        printf 'POST /predict HTTP/1.1\\r\\nHost: %s\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\nConnection: close\\r\\n\\r\\n%s' \
          "$SERVICE" "${#BODY}" "$BODY" >&3
        read -r _ status _ <&3
        while IFS=$' \\r' read -r header && [[ -n $header ]]; do :; done <&3
        read -r -d '' body <&3
        exec 3>&-
        printf '%s %s\\n' "$status" "$body"
      done
      """;

  private ClientPod() {}

  /**
   * Posts a body to {@code /predict} of a Service so many times, one connection each, and returns
   * the answers in order.
   */
  static List<Answer> post(TestNamespace namespace, String service, String body, int calls) {
    var pods = namespace.cluster().client().pods().inNamespace(namespace.name());
    Pod pod = pods.resource(pod(namespace, service, body, calls)).create();
    Awaitility.await("the client pod has finished")
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                List.of("Succeeded", "Failed")
                    .contains(
                        pods.withName(pod.getMetadata().getName())
                            .require()
                            .getStatus()
                            .getPhase()));
    String log = pods.withName(pod.getMetadata().getName()).getLog();
    return Arrays.stream(log.split("\n", -1))
        .filter(line -> !line.isBlank())
        .map(ClientPod::answer)
        .toList();
  }

  private static Answer answer(String line) {
    int blank = line.indexOf(' ');
    try {
      return new Answer(
          Integer.parseInt(line.substring(0, blank)), JSON.readTree(line.substring(blank + 1)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("not an answer in JSON: " + line, e);
    }
  }

  private static Pod pod(TestNamespace namespace, String service, String body, int calls) {
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName("client-")
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(65532L)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewContainer()
        .withName("client")
        .withImage(namespace.cluster().settings().serverImage())
        .withCommand("bash", "-c", SCRIPT)
        .addNewEnv()
        .withName("SERVICE")
        .withValue(service)
        .endEnv()
        .addNewEnv()
        .withName("BODY")
        .withValue(body)
        .endEnv()
        .addNewEnv()
        .withName("CALLS")
        .withValue(Integer.toString(calls))
        .endEnv()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .endContainer()
        .endSpec()
        .build();
  }
}
