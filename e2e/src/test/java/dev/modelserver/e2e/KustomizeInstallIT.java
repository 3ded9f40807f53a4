package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.KustomizeInstall;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kubectl apply -k} on a cluster without the operator, then a prediction; and both commands
 * that uninstall it, as {@code kustomize/README.md} has them. Two operators must not watch the same
 * namespaces, and the base has the names of the chart: so the operator of the other tests is
 * uninstalled meanwhile, with its definition and its namespace. Skipped where there are
 * ModelServers of others, which would go with the definition.
 */
@ClusterTest
@Tag("kustomize")
class KustomizeInstallIT {
  /** Checked to be in the documentation. */
  private static final String UNINSTALL =
      "delete --all-namespaces deployments,services,serviceaccounts,poddisruptionbudgets,networkpolicies,roles,rolebindings,clusterroles,clusterrolebindings --selector app.kubernetes.io/name=modelserver-operator,app.kubernetes.io/instance=modelserver";

  private static final Map<String, String> LABELS =
      Map.of(
          "app.kubernetes.io/name",
          "modelserver-operator",
          "app.kubernetes.io/instance",
          "modelserver");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PER_SECOND = 50;

  private final StringBuilder account = new StringBuilder();
  private final OperatorInstall operator = OperatorInstall.get();
  private final KubernetesClient client = Cluster.get().client();
  @TempDir private Path folder;
  private KustomizeInstall install;
  private TestNamespace namespace;
  private Set<String> before;

  @BeforeEach
  void removeTheOtherOperator() throws IOException {
    assumeThat(OtherModelServers.list(client))
        .as("ModelServers that this test would delete with its own")
        .isEmpty();
    operator.uninstall();
    client.apiextensions().v1().customResourceDefinitions().withName(OperatorInstall.CRD).delete();
    client.namespaces().withName(OperatorInstall.NAMESPACE).delete();
    awaitNothingOfIt();
    install = KustomizeInstall.write(Cluster.get(), folder);
    namespace = TestNamespace.create(Cluster.get(), "kustomize-install");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    before = clusterObjects();
  }

  @AfterEach
  void putItBack() {
    operator.install();
    if (namespace != null) {
      namespace.close();
    }
    Evidence.record("kustomize-install.md", "Installed with kubectl apply -k", account.toString());
  }

  @Test
  void appliedItServesAndUninstalledItLeavesWhatTheDocumentationSays() {
    tell(install.apply());
    ModelServerClient iris = namespace.modelServer("iris");
    iris.create(IrisModel.V1_0.spec(1));
    ModelServerState ready = iris.awaitReady();
    assertThat(ready.status("/model/sha256")).isEqualTo(IrisModel.V1_0.sha256());
    try (OpenLoopLoad load = IrisModel.load(iris.predict(), PER_SECOND)) {
      load.awaitMore(PER_SECOND);
      appliedAgainNothingRestarts();
      theFirstCommandTakesTheOperatorAlone();
      appliedAgainItTakesUpWhatItFinds(iris);

      load.awaitMore(PER_SECOND);
      LoadResult result = load.stop();
      tell("calls meanwhile: " + result);
      assertThat(result.failures()).as(result.toString()).isEmpty();
    }
    theSecondCommandTakesEverything();
  }

  private void appliedAgainNothingRestarts() {
    List<String> pods = podsOfTheOperator();
    tell(install.apply());
    assertThat(podsOfTheOperator()).as("pods of the operator").isEqualTo(pods).hasSize(1);
  }

  private void theFirstCommandTakesTheOperatorAlone() {
    assertThat(new String(Repository.bytes("kustomize/README.md"), StandardCharsets.UTF_8))
        .contains("kubectl " + UNINSTALL);
    Set<Identity> objects = Identity.allOf(namespace);
    RunningPods running = RunningPods.of(namespace);

    tell(install.run(UNINSTALL));

    Awaitility.await("the operator's pods are gone")
        .atMost(Duration.ofMinutes(2))
        .until(() -> podsOfTheOperator().isEmpty());
    assertThat(labelled()).as("objects of the installation").isEmpty();
    assertThat(operator.crdExists()).as("the CustomResourceDefinition stays").isTrue();
    assertThat(client.namespaces().withName(OperatorInstall.NAMESPACE).get()).isNotNull();
    assertThat(Identity.allOf(namespace)).isEqualTo(objects).noneMatch(Identity::beingDeleted);
    assertThat(RunningPods.of(namespace)).isEqualTo(running);
  }

  private void appliedAgainItTakesUpWhatItFinds(ModelServerClient iris) {
    iris.merge(Map.of("spec", Map.of("disruption", Map.of("maxUnavailable", 2))));
    RunningPods running = RunningPods.of(namespace);

    install.apply();
    iris.await("Ready for the edit", SOON, ModelServerState::isReady);

    assertThat(iris.allowedDisruptions()).isEqualTo(2);
    assertThat(RunningPods.of(namespace)).isEqualTo(running);
  }

  private void theSecondCommandTakesEverything() {
    tell(install.deleteAll());

    awaitNothingOfIt();
    Awaitility.await("only the model's ConfigMap is left of what the test made")
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(NamespaceObjects.list(namespace))
                    .extracting(each -> each.getMetadata().getName())
                    .containsExactlyInAnyOrder(
                        IrisModel.V1_0.configMap(), "kube-root-ca.crt", "default"));
    assertThat(clusterObjects()).as("cluster-wide objects").isEqualTo(before);
  }

  private void awaitNothingOfIt() {
    Awaitility.await("definition and namespace are gone")
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                !operator.crdExists()
                    && client.namespaces().withName(OperatorInstall.NAMESPACE).get() == null);
  }

  private List<String> podsOfTheOperator() {
    return operator.pods().stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  /** {@code KIND/NAME} of what has the labels of the installation, but its definition. */
  private List<String> labelled() {
    return Stream.<List<? extends HasMetadata>>of(
            client.apps().deployments().inAnyNamespace().withLabels(LABELS).list().getItems(),
            client.services().inAnyNamespace().withLabels(LABELS).list().getItems(),
            client.serviceAccounts().inAnyNamespace().withLabels(LABELS).list().getItems(),
            client.configMaps().inAnyNamespace().withLabels(LABELS).list().getItems(),
            client.rbac().roles().inAnyNamespace().withLabels(LABELS).list().getItems(),
            client.rbac().roleBindings().inAnyNamespace().withLabels(LABELS).list().getItems(),
            client.rbac().clusterRoles().withLabels(LABELS).list().getItems(),
            client.rbac().clusterRoleBindings().withLabels(LABELS).list().getItems())
        .flatMap(List::stream)
        .map(KustomizeInstallIT::name)
        .toList();
  }

  /** {@code KIND/NAME} of what is in no namespace and could be of an installation. */
  private Set<String> clusterObjects() {
    return Stream.<List<? extends HasMetadata>>of(
            client.rbac().clusterRoles().list().getItems(),
            client.rbac().clusterRoleBindings().list().getItems(),
            client.apiextensions().v1().customResourceDefinitions().list().getItems(),
            client.admissionRegistration().v1().validatingAdmissionPolicies().list().getItems(),
            client.admissionRegistration().v1().validatingWebhookConfigurations().list().getItems())
        .flatMap(List::stream)
        .map(KustomizeInstallIT::name)
        .collect(Collectors.toSet());
  }

  private static String name(HasMetadata object) {
    return object.getKind() + "/" + object.getMetadata().getName();
  }

  private void tell(String lines) {
    account.append(lines.strip()).append('\n');
  }
}
