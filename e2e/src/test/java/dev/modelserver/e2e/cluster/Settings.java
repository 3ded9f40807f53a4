package dev.modelserver.e2e.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about the cluster and the programs under test; the only place that
 * reads it.
 *
 * @param kubeconfig {@code KUBECONFIG}: without it every test is skipped
 * @param ci {@code CI=true}: a missing cluster is a failure
 * @param serverImage {@code E2E_SERVER_IMAGE}: the inference server's image, as the nodes know it
 * @param operatorImage {@code E2E_OPERATOR_IMAGE}: the operator's image, as the nodes know it
 * @param modelImage {@code E2E_MODEL_IMAGE}: an image made from the inference server's and {@code
 *     src/test/images/own-model.Dockerfile}; absent: its test is skipped
 * @param hostAddress {@code E2E_HOST_ADDRESS}: where pods reach this process; absent: the address
 *     that routes to the node
 * @param helm {@code E2E_HELM}: the helm program
 * @param kubectl {@code E2E_KUBECTL}: the kubectl program
 * @param keep {@code E2E_KEEP=true}: namespaces and operator stay when the tests are over
 * @param auditLog {@code E2E_AUDIT_LOG}: the API server's audit log, in JSON lines
 * @param perSecond {@code E2E_RATE}: calls per second of the rollout tests
 * @param gateway what leads into the cluster; absent: its tests fail
 * @param monitoring what scrapes and alerts; absent: its tests fail
 * @param quiet {@code E2E_QUIET_SECONDS}: how long the operator is watched for needless writes
 */
public record Settings(
    Optional<String> kubeconfig,
    boolean ci,
    String serverImage,
    String operatorImage,
    Optional<String> modelImage,
    Optional<String> hostAddress,
    String helm,
    String kubectl,
    boolean keep,
    Optional<Path> auditLog,
    int perSecond,
    Optional<EdgeSettings> gateway,
    Optional<MonitoringSettings> monitoring,
    Duration quiet) {

  /** The settings of this process. */
  public static Settings fromEnvironment() {
    return from(System.getenv());
  }

  static Settings from(Map<String, String> environment) {
    return new Settings(
        text(environment, "KUBECONFIG"),
        "true".equals(environment.get("CI")),
        text(environment, "E2E_SERVER_IMAGE").orElse("localhost/modelserver-server:dev"),
        text(environment, "E2E_OPERATOR_IMAGE").orElse("localhost/modelserver-operator:dev"),
        text(environment, "E2E_MODEL_IMAGE"),
        text(environment, "E2E_HOST_ADDRESS"),
        text(environment, "E2E_HELM").orElse("helm"),
        text(environment, "E2E_KUBECTL").orElse("kubectl"),
        "true".equals(environment.get("E2E_KEEP")),
        text(environment, "E2E_AUDIT_LOG").map(Path::of),
        number(environment, "E2E_RATE", 200),
        EdgeSettings.from(environment),
        MonitoringSettings.from(environment),
        Duration.ofSeconds(number(environment, "E2E_QUIET_SECONDS", 60)));
  }

  private static Optional<String> text(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static int number(Map<String, String> environment, String name, int absent) {
    return text(environment, name).map(Integer::parseInt).orElse(absent);
  }
}
