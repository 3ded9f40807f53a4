package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The manifests of the secure deployment guide and the admission policy, together in one namespace:
 * the API server accepts every word of them, and within them a team serves a model.
 */
class SecureDeploymentIT {
  private static final Space HERE = Space.SECURED;
  private static final String NAME = "iris";
  private static final Path SAMPLES = Path.of("../samples");
  private static final List<String> FILES =
      List.of("namespaces", "quota", "roles", "network-policies", "network-admission", "images");
  private static final String FOREIGN_IMAGE = "server: {image: docker.io/somebody/else}";
  private static final LivingOperator STAGE = LivingOperator.get();
  private static final KubernetesClient EDITOR = STAGE.as("ed", HERE.namespace() + "-models");

  @BeforeAll
  static void secure() {
    for (String file : FILES) {
      Path path = SAMPLES.resolve("security/%s.yaml".formatted(file));
      Manifest.read(path, "team-a", HERE.namespace()).forEach(STAGE::apply);
    }
    ChartPolicy.enforce(STAGE, HERE);
    Await.until(
        "the quotas are counted",
        LivingOperator.SOON,
        () -> quota("models").containsKey("pods") && quota("no-high-priority").containsKey("pods"));
    Await.until(
        "the policy for images is in force",
        LivingOperator.SOON,
        () -> {
          boolean refused = !Refused.by(() -> create(FOREIGN_IMAGE)).isEmpty();
          STAGE.modelServer(HERE, NAME).delete();
          return refused;
        });
  }

  @AfterEach
  void leaveNothing() {
    STAGE.modelServer(HERE, NAME).delete();
    Await.until(
        "everything is gone",
        LivingOperator.SOON,
        () ->
            STAGE.modelServer(HERE, NAME).get() == null
                && STAGE.client().pods().inNamespace(HERE.namespace()).list().getItems().isEmpty());
  }

  @AfterAll
  static void unguard() {
    ChartPolicy.remove(STAGE, HERE);
  }

  @Test
  void aTeamServesAModel() throws IOException {
    String sample = Files.readString(SAMPLES.resolve("01-iris.yaml")).split("(?m)^---$")[0];
    ModelServer server = Yaml.read(ModelServer.class, sample);
    server.getMetadata().setNamespace(HERE.namespace());

    EDITOR.resource(server).create();

    STAGE.awaitReady(HERE, NAME);
    Await.until(
        "the quota counts three pods",
        LivingOperator.SOON,
        () -> new Quantity("3").equals(quota("models").get("pods")));
    EDITOR.resources(ModelServer.class).inNamespace(HERE.namespace()).withName(NAME).scale(4);
    Await.until(
        "the quota counts four pods",
        LivingOperator.SOON,
        () -> new Quantity("4").equals(quota("models").get("pods")));
  }

  @Test
  void theDefaultsFitTheQuotaTwentyTimes() {
    create("replicas: 20");

    STAGE.awaitReady(HERE, NAME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "QuotaExceeded      | replicas: 21",
        "QuotaExceeded      | service: {type: LoadBalancer}",
        "QuotaExceeded      | service: {type: NodePort}",
        "QuotaExceeded      | pod: {priorityClassName: system-cluster-critical}",
        "LimitRangeViolated | resources: {requests: {memory: 5Gi}, limits: {memory: 5Gi}}"
      })
  void whatIsTooMuchIsToldInTheStatus(String reason, String spec) {
    create(spec);

    assertThat(STAGE.await(HERE, NAME, "Ready", "False", reason).message()).isNotEmpty();
  }

  @Test
  void onlyImagesOfTheRepositoryRun() {
    String image = "registry.example.com/modelserver-server@sha256:" + "0".repeat(64);

    assertThat(Refused.by(() -> create(FOREIGN_IMAGE)))
        .contains("spec.server.image must be registry.example.com/modelserver-server@sha256:");
    create("server: {image: '%s'}".formatted(image));
    STAGE.awaitReady(HERE, NAME);
  }

  @Test
  void onlyWhoMayCreateNetworkPoliciesSetsOne() {
    ModelServer server =
        Yaml.modelServer(
            "model: {configMap: {name: iris-model, key: model.onnx}}\nnetworkPolicy: {}");
    server.getMetadata().setNamespace(HERE.namespace());
    server.getMetadata().setUid(null);

    Await.until(
        "the policy for networks is in force",
        LivingOperator.SOON,
        () ->
            Refused.by(() -> EDITOR.resource(server).dryRun(true).create())
                .contains("spec.networkPolicy needs the right to create networkpolicies"));
    create("networkPolicy: {}");
    EDITOR.resources(ModelServer.class).inNamespace(HERE.namespace()).withName(NAME).scale(2);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1, configmaps, {}",
    "/api/v1, secrets, {}",
    "/api/v1, pods, {}",
    "/apis/networking.k8s.io/v1, networkpolicies, {}",
    "/apis/apps/v1, deployments, {}",
    "/apis/apps/v1, controllerrevisions, {}",
    "/apis/rbac.authorization.k8s.io/v1, rolebindings, {}"
  })
  void theTeamWritesNothingElse(String group, String resource, String body) {
    String list = "%s/namespaces/%s/%s".formatted(group, HERE.namespace(), resource);

    assertThat(Refused.by(() -> EDITOR.raw(list, "POST", body)))
        .contains("cannot create resource \"%s\"".formatted(resource));
  }

  @Test
  void theTeamReadsNoSecretsAndWritesNoStatus() {
    String namespace = HERE.namespace();

    assertThat(Refused.by(() -> EDITOR.secrets().inNamespace(namespace).list()))
        .contains("cannot list resource \"secrets\"");
    assertThat(
            Refused.by(
                () ->
                    EDITOR.raw(
                        "/apis/modelserver.dev/v1alpha1/namespaces/%s/modelservers/%s/status"
                            .formatted(namespace, NAME),
                        "PUT",
                        "{}")))
        .contains("cannot update resource \"modelservers/status\"");
  }

  @Test
  void podsOfOthersMustBeRestrictedToo() {
    STAGE
        .client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("root")
                .withNamespace(HERE.namespace())
                .endMetadata()
                .build())
        .serverSideApply();

    assertThat(
            Refused.by(
                () ->
                    STAGE
                        .client()
                        .resource(
                            new PodBuilder()
                                .withNewMetadata()
                                .withName("root")
                                .withNamespace(HERE.namespace())
                                .endMetadata()
                                .withNewSpec()
                                .withServiceAccountName("root")
                                .addNewContainer()
                                .withName("root")
                                .withImage("registry.test/root")
                                .endContainer()
                                .endSpec()
                                .build())
                        .create()))
        .contains("violates PodSecurity \"restricted");
  }

  private static void create(String spec) {
    STAGE.create(HERE, NAME, "model: {configMap: {name: iris-model, key: model.onnx}}\n" + spec);
  }

  /** What a quota has counted. */
  private static Map<String, Quantity> quota(String name) {
    ResourceQuota quota =
        Objects.requireNonNull(
            STAGE.client().resourceQuotas().inNamespace(HERE.namespace()).withName(name).get());
    return quota.getStatus() == null || quota.getStatus().getUsed() == null
        ? Map.of()
        : quota.getStatus().getUsed();
  }
}
