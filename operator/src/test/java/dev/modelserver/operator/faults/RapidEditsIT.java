package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two hundred changes of a spec in twenty seconds, and an operator that is killed meanwhile. */
class RapidEditsIT {
  private static final int EDITS = 200;
  private static final Duration TOGETHER = Duration.ofSeconds(20);
  private static final int KILL_EVERY = 25;
  private static final Duration CONVERGED = Duration.ofSeconds(60);
  private static final String REVISION = "modelserver.dev/revision";

  /** Some good, some not; each changes the pods, their number, or who decides it. */
  private static final List<String> EDITS_TO_CHOOSE =
      List.of(
          "{'spec':{'model':{'configMap':{'name':'first-model','key':'model.onnx'},'version':'v1'}}}",
          "{'spec':{'model':{'configMap':{'name':'second-model','key':'model.onnx'},'version':'v2'}}}",
          "{'spec':{'model':{'configMap':{'name':'corrupt-model','key':'model.onnx'},'version':'v3'}}}",
          "{'spec':{'server':{'image':'registry.test/server:2.0.0'}}}",
          "{'spec':{'server':{'image':'registry.test/unknown:1'}}}",
          "{'spec':{'server':null}}",
          "{'spec':{'replicas':1}}",
          "{'spec':{'replicas':3}}",
          "{'spec':{'autoscaling':{'minReplicas':2,'maxReplicas':4}}}",
          "{'spec':{'autoscaling':null}}",
          "{'metadata':{'labels':{'team':'blue'}}}",
          "{'metadata':{'annotations':{'modelserver.dev/restart':'1'}}}",
          "{'spec':{'service':{'annotations':{'note':'edited'}}}}");

  private static final String LAST =
      """
      {'metadata':{'annotations':{'modelserver.dev/restart':null}},
       'spec':{'model':{'configMap':{'name':'last-model','key':'model.onnx'},'version':'v9'},
        'server':null,'replicas':2,'autoscaling':null,'service':null}}
      """;

  @Test
  void theLastOneWins() {
    Random random = new Random(17);
    try (ControlPlane plane = ControlPlane.start();
        SimulatedNode _ = SimulatedNode.start(plane.client());
        FaultProxy proxy = FaultProxy.start(plane)) {
      Stage stage = Stage.create(plane.client(), "rapid");
      try (OperatorProcess operator =
          OperatorProcess.start(
              proxy.url(),
              stage.namespace(),
              Map.of(),
              OperatorProcess.Archive.make(proxy.url()))) {
        stage.create(
            "replicas: 2\nmodel: {configMap: {name: first-model, key: model.onnx}, version: v1}");
        stage.awaitTrue("Ready");
        int kills = 0;
        long next = System.nanoTime();
        for (int edit = 1; edit < EDITS; edit++) {
          stage.patch(EDITS_TO_CHOOSE.get(random.nextInt(EDITS_TO_CHOOSE.size())));
          if (edit % KILL_EVERY == 0) {
            operator.crash();
            kills++;
          }
          next += TOGETHER.toNanos() / EDITS;
          LockSupport.parkNanos(next - System.nanoTime());
        }
        stage.patch(LAST);
        long last = System.nanoTime();
        Await.until(
            "Ready after the last edit: " + operator.lastLines(),
            CONVERGED,
            () -> stage.isTrue("Ready") && podsOfOthers(plane.client(), stage) == 0);
        System.out.printf(
            "%d edits, %d kills, %d writes, Ready %.1f s after the last%n",
            EDITS, kills, proxy.writes().size(), (System.nanoTime() - last) / 1e9);
        check(plane.client(), stage);
      }
    }
  }

  private static void check(KubernetesClient client, Stage stage) {
    ModelServer server = stage.find().orElseThrow();
    assertThat(server.getStatus().observedGeneration())
        .isEqualTo(server.getMetadata().getGeneration());
    Deployment deployment = of(client, stage, Deployment.class).findFirst().orElseThrow();
    String hash = deployment.getSpec().getTemplate().getMetadata().getLabels().get(REVISION);
    assertThat(server.getStatus().currentRevision()).isEqualTo(Stage.NAME + "-" + hash);
    assertThat(deployment.getSpec().getTemplate().toString()).contains("last-model");
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
    assertThat(of(client, stage, HorizontalPodAutoscaler.class)).isEmpty();
    List<String> revisions =
        of(client, stage, ControllerRevision.class).map(RapidEditsIT::revision).toList();
    assertThat(revisions).contains(hash).hasSizeLessThanOrEqualTo(11);
    assertThat(of(client, stage, ConfigMap.class).map(RapidEditsIT::revision))
        .as("configuration only of revisions that are kept")
        .isSubsetOf(revisions);
  }

  private static long podsOfOthers(KubernetesClient client, Stage stage) {
    String current = stage.find().orElseThrow().getStatus().currentRevision();
    return of(client, stage, Pod.class)
        .filter(pod -> !(Stage.NAME + "-" + revision(pod)).equals(current))
        .count();
  }

  private static String revision(HasMetadata object) {
    return object.getMetadata().getLabels().getOrDefault(REVISION, "");
  }

  private static <T extends HasMetadata> Stream<T> of(
      KubernetesClient client, Stage stage, Class<T> kind) {
    return client
        .resources(kind)
        .inNamespace(stage.namespace())
        .withLabel("modelserver.dev/name", Stage.NAME)
        .list()
        .getItems()
        .stream();
  }
}
