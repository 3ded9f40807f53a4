package dev.modelserver.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.local.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments become processes, and processes become status. */
class NodeTest {
  private static final Timing FAST = new Timing(Duration.ofMillis(50), Duration.ofMillis(50));

  @TempDir private Path directory;
  private ApiServer server;
  private KubernetesClient client;
  private Node node;

  @BeforeEach
  void start() {
    server = ApiServer.start(List.of());
    client = server.client();
    node =
        Node.start(
            client,
            directory,
            (temporary, arguments) ->
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    "target/test-classes",
                    StandIn.class.getName(),
                    arguments.getFirst()),
            FAST);
    configMap("revision", Map.of("config.json", "configured"));
  }

  @AfterEach
  void stop() {
    node.close();
    client.close();
    server.close();
  }

  @Test
  void podsRunAndAnswer() throws Exception {
    configMap("model", Map.of("model.onnx", "iris"));
    apply(2);

    var ready = awaitReady(2);

    for (var endpoint : ready) {
      assertThat(get(endpoint.port())).isEqualTo(endpoint.pod() + " serves iris");
      assertThat(endpoint.labels()).containsEntry("app", "iris");
    }
    await()
        .untilAsserted(
            () -> {
              var status = deployment().getStatus();
              assertThat(status.getObservedGeneration()).isEqualTo(1);
              assertThat(status.getUpdatedReplicas()).isEqualTo(2);
              assertThat(status.getReadyReplicas()).isEqualTo(2);
              assertThat(status.getAvailableReplicas()).isEqualTo(2);
              assertThat(status.getConditions())
                  .extracting(c -> c.getType() + "=" + c.getStatus() + " " + c.getReason())
                  .containsExactly(
                      "Available=True MinimumReplicasAvailable",
                      "Progressing=True NewReplicaSetAvailable");
            });
    var pod = client.pods().withName(ready.getFirst().pod()).require();
    assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
    assertThat(pod.getStatus().getPodIP()).isEqualTo("127.0.0.1");
    assertThat(pod.getStatus().getConditions())
        .extracting(c -> c.getType() + "=" + c.getStatus())
        .containsExactly(
            "ContainersReady=True", "Initialized=True", "PodScheduled=True", "Ready=True");
    var preflight = pod.getStatus().getInitContainerStatuses().getFirst();
    assertThat(preflight.getState().getTerminated().getMessage()).isEqualTo("configured iris");
    assertThat(preflight.getState().getTerminated().getExitCode()).isZero();
  }

  @Test
  void aMissingConfigMapIsAnEventAndThePodStartsOnceItIsThere() {
    apply(1);

    await()
        .untilAsserted(
            () ->
                assertThat(client.v1().events().withField("type", "Warning").list().getItems())
                    .singleElement()
                    .satisfies(
                        event -> {
                          assertThat(event.getReason()).isEqualTo("FailedMount");
                          assertThat(event.getMessage())
                              .isEqualTo(
                                  "MountVolume.SetUp failed for volume \"source\" : "
                                      + "configmap \"model\" not found");
                          assertThat(event.getInvolvedObject().getName())
                              .isEqualTo(pods().getFirst().getMetadata().getName());
                        }));
    assertThat(node.ready()).isEmpty();

    configMap("model", Map.of("model.onnx", "iris"));

    assertThat(awaitReady(1)).hasSize(1);
  }

  @Test
  void aFailedPreflightIsReportedAndTriedAgain() {
    configMap("model", Map.of("model.onnx", "bad"));
    apply(1);

    await()
        .untilAsserted(
            () -> {
              var status = podStatus().getInitContainerStatuses().getFirst();
              assertThat(status.getRestartCount()).isGreaterThan(1);
              assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(1);
              assertThat(status.getLastState().getTerminated().getMessage())
                  .isEqualTo("configured bad");
            });
    assertThat(node.ready()).isEmpty();
    assertThat(deployment().getStatus().getConditions().getFirst().getReason())
        .isEqualTo("MinimumReplicasUnavailable");
  }

  @Test
  void aKilledServerIsStartedAgain() {
    configMap("model", Map.of("model.onnx", "iris"));
    apply(1);
    awaitReady(1);

    children().forEach(ProcessHandle::destroyForcibly);

    await()
        .untilAsserted(
            () ->
                assertThat(podStatus().getContainerStatuses().getFirst())
                    .satisfies(status -> assertThat(status.getRestartCount()).isEqualTo(1))
                    .satisfies(status -> assertThat(status.getReady()).isTrue()));
  }

  @Test
  void aChangedTemplateReplacesThePods() {
    configMap("model", Map.of("model.onnx", "iris"));
    apply(1);
    var before = awaitReady(1).getFirst().pod();

    var changed = deployment(1);
    changed.getSpec().getTemplate().getMetadata().getLabels().put("revision", "2");
    client.resource(changed).fieldManager("test").forceConflicts().serverSideApply();

    await().until(() -> node.ready().stream().anyMatch(pod -> !pod.pod().equals(before)));
    assertThat(pods()).extracting(pod -> pod.getMetadata().getName()).doesNotContain(before);
  }

  @Test
  void closingLeavesNoProcess() {
    configMap("model", Map.of("model.onnx", "iris"));
    apply(5);
    awaitReady(Node.MOST_PODS);
    assertThat(children()).hasSize(Node.MOST_PODS);

    node.close();

    assertThat(children()).isEmpty();
  }

  /** Long enough for a busy machine to start a few JVMs. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofMinutes(1));
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains(StandIn.class.getName()))
        .toList();
  }

  private List<Endpoint> awaitReady(int count) {
    return await().until(node::ready, ready -> ready.size() == count);
  }

  /** The status of the only pod, which is there a moment after the pod. */
  private PodStatus podStatus() {
    assertThat(pods()).singleElement().extracting(Pod::getStatus).isNotNull();
    return pods().getFirst().getStatus();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace("default").withLabel("app", "iris").list().getItems();
  }

  private Deployment deployment() {
    return client.apps().deployments().withName("iris").require();
  }

  private void apply(int replicas) {
    client.resource(deployment(replicas)).fieldManager("test").forceConflicts().serverSideApply();
  }

  private static Deployment deployment(int replicas) {
    var deployment =
        Serialization.unmarshal(
            Objects.requireNonNull(NodeTest.class.getResourceAsStream("/deployment.yaml")),
            Deployment.class);
    deployment.getSpec().setReplicas(replicas);
    return deployment;
  }

  private void configMap(String name, Map<String, String> data) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(data)
                .build())
        .create();
  }

  private static String get(int port) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
      return http.send(request, BodyHandlers.ofString()).body();
    }
  }
}
