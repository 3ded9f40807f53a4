package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.PrintedTable;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples do on a cluster what their first lines promise. */
@ClusterTest
class SampleIT {
  private static final int REPLICAS = 3;
  private static final int CALLS = 60;
  private static final int ROUNDS = 5;

  private static TestNamespace namespace;

  @BeforeAll
  static void createNamespace() {
    namespace = TestNamespace.create(Cluster.get(), "sample");
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
  }

  @Test
  void theFirstSampleGivesPredictionsFromAllItsPods() throws IOException {
    Cluster cluster = Cluster.get();
    ModelServerClient iris = namespace.modelServer("iris");

    cluster.apply(namespace.name(), sample("01-iris.yaml"));
    ModelServerState ready = iris.awaitReady();
    List<ClientPod.Answer> answers = new ArrayList<>();
    // The node's proxy learns of the pods one after another: the first calls may all meet one.
    for (int round = 0; round < ROUNDS && pods(answers).size() < REPLICAS; round++) {
      answers.addAll(ClientPod.post(namespace, "iris", "{\"features\":[5.1,3.5,1.4,0.2]}", CALLS));
    }

    assertThat(answers).hasSizeGreaterThanOrEqualTo(CALLS);
    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.body().path("class").asText()).isEqualTo("setosa"));
    assertThat(pods(answers))
        .containsExactlyInAnyOrderElementsOf(
            iris.pods().stream().map(pod -> pod.getMetadata().getName()).toList());
    PrintedTable table = PrintedTable.of(cluster.client(), namespace.name());
    assertThat(table.columns())
        .startsWith("Name")
        .containsSubsequence("Ready", "Replicas", "Version", "Digest", "Reason", "URL", "Age");
    assertThat(table.wide())
        .contains("URL")
        .doesNotContain("Ready", "Replicas", "Version", "Digest", "Reason");
    assertThat(table.rows())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("Name", "iris")
                    .containsEntry("Ready", "True")
                    .containsEntry("Replicas", "3/3")
                    .containsEntry("Version", "v1.0.0")
                    .containsEntry("Digest", ready.status("/model/sha256").substring(0, 8))
                    .containsEntry("URL", ready.status("/url")));
    assertThat(events("iris")).as("events of the ModelServer").isNotEmpty();
    Evidence.record("sample.md", "samples/01-iris.yaml on the cluster", account(cluster, answers));
  }

  @ParameterizedTest
  @MethodSource("dev.modelserver.e2e.cluster.Repository#samples")
  void everySampleIsAcceptedByTheApiServer(Path sample) throws IOException {
    List<HasMetadata> accepted = Cluster.get().dryRun(namespace.name(), Files.readString(sample));

    assertThat(accepted).extracting(HasMetadata::getKind).contains("ModelServer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"03-health-risk.yaml", "04-autoscaling.yaml"})
  void samplesThatNeedNothingElseBecomeReady(String file) throws IOException {
    try (TestNamespace own = TestNamespace.create(Cluster.get(), "sample")) {
      List<HasMetadata> applied = Cluster.get().apply(own.name(), sample(file));

      Optional<String> name =
          applied.stream()
              .filter(object -> object.getKind().equals("ModelServer"))
              .map(object -> object.getMetadata().getName())
              .findFirst();

      assertThat(name).isPresent();
      assertThat(own.modelServer(name.get()).awaitReady().is("Available")).isTrue();
    }
  }

  /** Names of the pods that answered. */
  private static Set<String> pods(List<ClientPod.Answer> answers) {
    return answers.stream()
        .map(answer -> answer.body().path("served_by_pod").asText())
        .collect(Collectors.toSet());
  }

  private static String account(Cluster cluster, List<ClientPod.Answer> answers) {
    Map<String, Long> byPod =
        answers.stream()
            .collect(
                Collectors.groupingBy(
                    answer -> answer.body().path("served_by_pod").asText(), Collectors.counting()));
    return Stream.of(
            cluster.kubectl("get", "modelservers.modelserver.dev", "-n", namespace.name()),
            cluster.kubectl(
                "get", "modelservers.modelserver.dev", "-o", "wide", "-n", namespace.name()),
            cluster.kubectl(
                "describe", "modelservers.modelserver.dev", "iris", "-n", namespace.name()),
            Optional.of(
                "POST /predict from another pod, a connection each:\n" + answers.getFirst().body()),
            Optional.of(answers.size() + " answers by pod: " + byPod))
        .flatMap(Optional::stream)
        .collect(Collectors.joining("\n"));
  }

  private static List<String> events(String name) {
    return Cluster.get()
        .client()
        .v1()
        .events()
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .stream()
        .filter(event -> "ModelServer".equals(event.getInvolvedObject().getKind()))
        .filter(event -> name.equals(event.getInvolvedObject().getName()))
        .map(event -> event.getReason() + ": " + event.getMessage())
        .toList();
  }

  private static String sample(String file) throws IOException {
    return Files.readString(Repository.path("samples/" + file));
  }
}
