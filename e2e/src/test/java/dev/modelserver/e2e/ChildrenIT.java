package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The objects that a ModelServer becomes: which they are, whose they are, and that nothing else is
 * touched.
 */
@ClusterTest
class ChildrenIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Cluster cluster = Cluster.get();
  private final KubernetesClient client = cluster.client();
  private TestNamespace namespace;
  private ModelServerClient iris;

  @BeforeEach
  void createNamespace() {
    namespace = TestNamespace.create(cluster, "children");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    iris = namespace.modelServer("iris");
  }

  @AfterEach
  void deleteNamespace() {
    namespace.close();
  }

  @Test
  void aModelServerWithAutoscalingHasTheseChildrenAndGoesWithoutATrace() {
    Set<NamespaceObjects.Fact> foreign = NamespaceObjects.of(namespace);
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    spec.put("autoscaling", Map.of("minReplicas", 1, "maxReplicas", 2));
    iris.create(spec);
    String revision = iris.awaitReady().status("/currentRevision");

    assertThat(NamespaceObjects.owned(namespace, "ModelServer"))
        .contains(
            "Deployment/iris",
            "Service/iris",
            "HorizontalPodAutoscaler/iris",
            "PodDisruptionBudget/iris",
            "ServiceAccount/iris-server",
            "ControllerRevision/" + revision,
            "ConfigMap/" + revision);
    assertThat(ownedFields(iris.deployment(), "modelserver-operator"))
        .as("fields of the operator")
        .contains("f:template")
        .doesNotContain("f:replicas");
    iris.await(
        "ScalingActive, once there are metrics",
        Duration.ofMinutes(2),
        state -> state.is("ScalingActive"));
    Evidence.record("children.md", "A ModelServer with autoscaling", account());

    iris.delete();

    Awaitility.await("only what was there before is left")
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(NamespaceObjects.of(namespace)).isEqualTo(foreign));
  }

  @Test
  void autoscalingGoesOnAndOffWithoutADip() {
    iris.create(IrisModel.V1_0.spec(3));
    iris.awaitReady();
    Map<String, Object> autoscaled = IrisModel.V1_0.spec(3);
    autoscaled.put("autoscaling", Map.of("minReplicas", 3, "maxReplicas", 4));

    try (DeploymentWatch watch = DeploymentWatch.start(client, namespace.name(), "iris")) {
      for (int round = 1; round <= 2; round++) {
        iris.replaceSpec(autoscaled);
        awaitAutoscaler(true);
        watch.await(Duration.ofSeconds(30L * round - 15));
        iris.replaceSpec(IrisModel.V1_0.spec(3));
        awaitAutoscaler(false);
        watch.await(Duration.ofSeconds(30L * round));
      }

      Evidence.record("autoscaling.md", "Autoscaling on, off, on, off at 3 pods", watch.toString());
      Awaitility.await("the watch has shown the last version: it missed none")
          .atMost(SOON)
          .until(
              () ->
                  watch
                      .seen()
                      .getLast()
                      .resourceVersion()
                      .equals(iris.deployment().getMetadata().getResourceVersion()));
      assertThat(watch.seen())
          .allSatisfy(
              seen -> {
                assertThat(seen.wanted()).isGreaterThanOrEqualTo(3);
                assertThat(seen.available()).isGreaterThanOrEqualTo(3);
              });
    }
  }

  @Test
  void aForeignDeploymentOfTheSameNameIsLeftAlone() {
    Deployment foreign =
        client.resource(foreignDeployment()).inNamespace(namespace.name()).create();
    Deployment settled =
        client
            .resource(foreign)
            .waitUntilCondition(
                d -> d.getStatus() != null && d.getStatus().getObservedGeneration() != null,
                30,
                TimeUnit.SECONDS);

    iris.create(IrisModel.V1_0.spec(1));

    ModelServerState state = iris.await("NameConflict", SOON, now -> now.tells("NameConflict"));
    assertThat(state.condition("Ready").map(ModelServerState.Condition::status)).contains("False");
    assertThat(state.condition("Ready").map(ModelServerState.Condition::message).orElse(""))
        .contains("Deployment")
        .contains("iris");
    assertThat(state.is("Stalled")).as("Stalled").isTrue();
    assertThat(iris.deployment()).isEqualTo(settled);

    iris.delete();
    Awaitility.await("the ModelServer is gone").atMost(SOON).until(() -> iris.find().isEmpty());
    assertThat(iris.deployment()).isEqualTo(settled);
  }

  @Test
  void whatIsDeletedComesBackAndWhatOthersAddStays() {
    iris.create(IrisModel.V1_0.spec(1));
    iris.awaitReady();
    client
        .resource(iris.deployment())
        .edit(
            d ->
                new DeploymentBuilder(d)
                    .editMetadata()
                    .addToAnnotations("example.com/owner", "team-a")
                    .endMetadata()
                    .build());
    String service =
        uid(client.services().inNamespace(namespace.name()).withName("iris").require());

    client.services().inNamespace(namespace.name()).withName("iris").delete();

    Awaitility.await("another Service")
        .atMost(SOON)
        .until(
            () ->
                Optional.ofNullable(
                        client.services().inNamespace(namespace.name()).withName("iris").get())
                    .filter(found -> !uid(found).equals(service))
                    .isPresent());
    iris.merge(Map.of("spec", Map.of("rollout", Map.of("minReadySeconds", 1))));
    Awaitility.await("the operator applied the Deployment again")
        .atMost(SOON)
        .until(() -> Integer.valueOf(1).equals(iris.deployment().getSpec().getMinReadySeconds()));
    assertThat(iris.deployment().getMetadata().getAnnotations())
        .containsEntry("example.com/owner", "team-a");
  }

  private void awaitAutoscaler(boolean there) {
    Awaitility.await("the autoscaler is " + (there ? "there" : "gone"))
        .atMost(SOON)
        .until(
            () ->
                (client
                            .autoscaling()
                            .v2()
                            .horizontalPodAutoscalers()
                            .inNamespace(namespace.name())
                            .withName("iris")
                            .get()
                        != null)
                    == there);
  }

  private Deployment foreignDeployment() {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("iris")
        .endMetadata()
        .withNewSpec()
        .withReplicas(0)
        .withNewSelector()
        .withMatchLabels(Map.of("app", "foreign"))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Map.of("app", "foreign"))
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("foreign")
        .withImage(cluster.settings().serverImage())
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static String ownedFields(HasMetadata object, String manager) {
    List<ManagedFieldsEntry> entries =
        object.getMetadata().getManagedFields().stream()
            .filter(entry -> entry.getManager().equals(manager))
            .toList();
    return entries.stream()
        .map(entry -> String.valueOf(entry.getFieldsV1().getAdditionalProperties()))
        .collect(Collectors.joining());
  }

  private String account() {
    return cluster
            .kubectl("get", "deploy,svc,hpa,pdb,cm,sa,controllerrevisions", "-n", namespace.name())
            .orElseGet(() -> NamespaceObjects.of(namespace).toString())
        + "\nDeployment/iris, fields by manager:\n"
        + iris.deployment().getMetadata().getManagedFields().stream()
            .map(
                entry ->
                    "  "
                        + entry.getManager()
                        + " ("
                        + entry.getOperation()
                        + ") owns replicas: "
                        + entry
                            .getFieldsV1()
                            .getAdditionalProperties()
                            .toString()
                            .contains("f:replicas=")
                        + "\n")
            .collect(Collectors.joining());
  }

  private static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }
}
