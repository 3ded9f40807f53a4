package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModelTable.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code helm uninstall} takes the operator and nothing else: models go on serving, are kept up by
 * Kubernetes and can be deleted without it; installed again, it takes up what it finds.
 */
@ClusterTest
class UninstallIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final StringBuilder account = new StringBuilder();
  private final OperatorInstall operator = OperatorInstall.get();
  private final KubernetesClient client = Cluster.get().client();
  private TestNamespace namespace;
  private ModelServerClient fixed;
  private ModelServerClient autoscaled;
  private ModelServerClient leaving;

  @BeforeEach
  void createModelServers() {
    namespace = TestNamespace.create(Cluster.get(), "uninstall");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    fixed = namespace.modelServer("fixed");
    fixed.create(IrisModel.V1_0.spec(2));
    autoscaled = namespace.modelServer("autoscaled");
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    // A target that the load cannot reach: what the autoscaler does here, it does for its minimum.
    spec.put("autoscaling", Map.of("minReplicas", 2, "maxReplicas", 3, "cpuUtilization", 1000));
    autoscaled.create(spec);
    leaving = namespace.modelServer("leaving");
    leaving.create(IrisModel.V1_0.spec(1));
    List.of(fixed, autoscaled, leaving).forEach(ModelServerClient::awaitReady);
    fixed.awaitReadyPods(2);
    autoscaled.awaitReadyPods(2);
  }

  @AfterEach
  void putTheOperatorBack() {
    operator.install();
    namespace.close();
  }

  @Test
  void modelsServeWithoutTheOperatorAndItTakesThemUpAgain() {
    try (OpenLoopLoad toFixed = IrisModel.load(fixed.predict(), 20);
        OpenLoopLoad toAutoscaled = IrisModel.load(autoscaled.predict(), 10)) {
      uninstallChangesNothing();
      aDeletedPodIsReplaced();
      theAutoscalerGoesOn();
      aDeletedModelServerLeavesNoOrphan();
      installedAgainItTakesUpWhatItFinds();

      noneFailed("the fixed one", toFixed.stop());
      noneFailed("the autoscaled one", toAutoscaled.stop());
    } finally {
      Evidence.record("uninstall.md", "The operator uninstalled and back", account.toString());
    }
  }

  private void uninstallChangesNothing() {
    Set<Identity> objects = Identity.allOf(namespace);
    RunningPods running = RunningPods.of(namespace);

    operator.uninstall();

    assertThat(operator.crdExists()).as("the CustomResourceDefinition stays").isTrue();
    assertThat(Identity.allOf(namespace)).isEqualTo(objects).noneMatch(Identity::beingDeleted);
    assertThat(RunningPods.of(namespace)).isEqualTo(running);
    tell("uninstalled: all %d objects are there, 0 are being deleted".formatted(objects.size()));
  }

  private void aDeletedPodIsReplaced() {
    Pod pod = fixed.pods().getFirst();
    Instant deleted = Instant.now();
    client.resource(pod).delete();
    Awaitility.await("another pod in place of " + pod.getMetadata().getName())
        .atMost(ModelServerClient.ROLLOUT)
        .until(() -> fixed.pods().stream().noneMatch(each -> uid(each).equals(uid(pod))));
    fixed.awaitReadyPods(2);
    tell("pod deleted: another one is ready after %s s".formatted(since(deleted)));
  }

  private void theAutoscalerGoesOn() {
    try (DeploymentWatch watch =
        DeploymentWatch.start(client, namespace.name(), autoscaled.name())) {
      Instant scaled = Instant.now();
      client
          .apps()
          .deployments()
          .inNamespace(namespace.name())
          .withName(autoscaled.name())
          .scale(1);
      Awaitility.await("the autoscaler scales from 1 to its minimum")
          .atMost(SOON)
          .until(() -> wanted(watch).contains(1) && wanted(watch).getLast() == 2);
      String after = since(scaled);
      autoscaled.awaitReadyPods(2);
      tell(
          "Deployment scaled below minReplicas: the autoscaler puts it back after %s s"
              .formatted(after));
    }
  }

  private void aDeletedModelServerLeavesNoOrphan() {
    long objects =
        Identity.allOf(namespace).stream().filter(each -> each.isOf(leaving.name())).count();
    Instant deleted = Instant.now();
    leaving.delete();
    Awaitility.await("the end of all that is of " + leaving.name())
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(Identity.allOf(namespace)).noneMatch(each -> each.isOf(leaving.name())));
    tell(
        "ModelServer deleted: its %d objects are gone after %s s"
            .formatted(objects, since(deleted)));
  }

  private void installedAgainItTakesUpWhatItFinds() {
    Awaitility.await("no pod is on its way out")
        .atMost(SOON)
        .until(() -> Identity.allOf(namespace).stream().noneMatch(Identity::beingDeleted));
    List<ModelServerClient> edited = List.of(fixed, autoscaled);
    for (ModelServerClient each : edited) {
      each.merge(Map.of("spec", Map.of("disruption", Map.of("maxUnavailable", 2))));
      assertThat(each.state().isReady()).as("the status is about the edit").isFalse();
    }
    ModelServerClient created = LifeStage.SCALED_TO_ZERO.in(namespace);
    created.create(IrisModel.V1_0.spec(0));
    Set<Identity> objects = Identity.allOf(namespace);
    RunningPods running = RunningPods.of(namespace);

    operator.install();
    Instant installed = Instant.now();
    edited.forEach(each -> each.await("Ready for the edit", SOON, ModelServerState::isReady));
    created.await("taken up", SOON, state -> state.tells("ScaledToZero"));

    tell(
        "installed again: every status is about the latest spec after %s s"
            .formatted(since(installed)));
    edited.forEach(each -> assertThat(each.allowedDisruptions()).isEqualTo(2));
    RunningPods now = RunningPods.of(namespace);
    assertThat(now.pods()).as("pods and their restarts").isEqualTo(running.pods());
    assertThat(now.deployments()).containsAll(running.deployments());
    assertThat(Identity.allOf(namespace))
        .containsAll(objects)
        .filteredOn(each -> !objects.contains(each))
        .as("new objects are those of the ModelServer that was created meanwhile")
        .isNotEmpty()
        .allMatch(each -> each.isOf(created.name()));
    tell(
        "  the same %d pods with 0 new restarts, the same %d Deployments, 0 new revisions"
            .formatted(running.pods().size(), running.deployments().size()));
  }

  private void noneFailed(String who, LoadResult result) {
    tell("calls to %s: %s".formatted(who, result));
    assertThat(result.failures()).as(result.toString()).isEmpty();
    assertThat(result.sent()).as("calls").isPositive();
  }

  private void tell(String line) {
    account.append(line).append('\n');
  }

  private static List<Integer> wanted(DeploymentWatch watch) {
    return watch.seen().stream().map(DeploymentWatch.Seen::wanted).toList();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static String since(Instant start) {
    return seconds(Duration.between(start, Instant.now()));
  }
}
