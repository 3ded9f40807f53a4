package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code samples/kustomize} on a cluster: kustomize finds every reference of a ModelServer. */
@ClusterTest
class KustomizeIT {
  private static final String SAMPLE = "samples/kustomize/";
  private static final String MODEL = "model.onnx";
  private static final String CONFIGURATION = "kustomizeconfig.yaml";
  private static final int REPLICAS = 2;
  private static final int PER_SECOND = 50;
  private static final int SECONDS_OF_CALLS = 10;

  private final Cluster cluster = Cluster.get();
  @TempDir private Path folder;

  @Test
  void aChangedFileRollsOutUnderItsNewName() throws IOException {
    copy("kustomization.yaml", "modelserver.yaml", CONFIGURATION, MODEL);
    try (TestNamespace namespace = TestNamespace.create(cluster, "kustomize")) {
      ModelServerClient server = namespace.modelServer("kustomized");
      String first = apply(namespace);
      ModelServerState before = server.awaitReady();
      server.awaitReadyPods(REPLICAS);
      String good = server.deployedRevision();
      assertThat(before.status("/model/sha256")).isEqualTo(IrisModel.V1_0.sha256());
      OpenLoopLoad load = IrisModel.load(server.predict(), PER_SECOND);
      LoadResult result;
      String second;
      try {
        awaitSent(load);
        Files.write(folder.resolve(MODEL), IrisModel.V1_1.bytes());
        second = apply(namespace);
        ModelServerState after = server.awaitReady();
        server.awaitReadyPods(REPLICAS);
        assertThat(after.status("/model/sha256")).isEqualTo(IrisModel.V1_1.sha256());
        awaitSent(load);
      } finally {
        result = load.stop();
      }

      assertThat(second).startsWith("iris-model-").isNotEqualTo(first);
      assertThat(server.deployedRevision()).isNotEqualTo(good);
      assertThat(result.failures()).as(result.toString()).isEmpty();
      assertThat(result.byDigest().keySet())
          .containsExactlyInAnyOrder(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
      Evidence.record(
          "kustomize.md",
          "A changed model file, through kubectl kustomize",
          "ConfigMap %s, then %s; calls: %s%n".formatted(first, second, result));
    }
  }

  @Test
  void everyReferenceGetsTheFinalName() throws IOException {
    copy(CONFIGURATION);
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        configurations: [kustomizeconfig.yaml]
        resources: [objects.yaml]
        namePrefix: team-
        configMapGenerator: [{name: settings, literals: [a=b]}]
        secretGenerator: [{name: token, literals: [a=b]}]
        """);
    Files.writeString(
        folder.resolve("objects.yaml"),
        """
        apiVersion: modelserver.dev/v1alpha1
        kind: ModelServer
        metadata: {name: one}
        spec:
          model: {persistentVolumeClaim: {claimName: models, path: a.onnx}}
          server:
            env:
              - {name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}
              - {name: B, valueFrom: {secretKeyRef: {name: token, key: a}}}
            envFrom:
              - {prefix: C_, configMapRef: {name: settings}}
              - {prefix: D_, secretRef: {name: token}}
          pod: {serviceAccountName: reader, imagePullSecrets: [{name: token}]}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: models}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: reader}
        """);

    List<HasMetadata> objects = cluster.documents(cluster.kustomize(folder));

    String settings = name(objects, "ConfigMap");
    String token = name(objects, "Secret");
    JsonNode spec = spec(objects);
    assertThat(settings).startsWith("team-settings-");
    assertThat(token).startsWith("team-token-");
    assertThat(spec.at("/model/persistentVolumeClaim/claimName").asText()).isEqualTo("team-models");
    assertThat(spec.at("/server/env/0/valueFrom/configMapKeyRef/name").asText())
        .isEqualTo(settings);
    assertThat(spec.at("/server/env/1/valueFrom/secretKeyRef/name").asText()).isEqualTo(token);
    assertThat(spec.at("/server/envFrom/0/configMapRef/name").asText()).isEqualTo(settings);
    assertThat(spec.at("/server/envFrom/1/secretRef/name").asText()).isEqualTo(token);
    assertThat(spec.at("/pod/imagePullSecrets/0/name").asText()).isEqualTo(token);
    assertThat(spec.at("/pod/serviceAccountName").asText()).isEqualTo("team-reader");
  }

  /** Applies what kustomize makes of the folder; the ConfigMap's name, which the spec has too. */
  private String apply(TestNamespace namespace) {
    String yaml = cluster.kustomize(folder);
    List<HasMetadata> objects = cluster.documents(yaml);
    String configMap = name(objects, "ConfigMap");
    assertThat(spec(objects).at("/model/configMap/name").asText()).isEqualTo(configMap);
    cluster.apply(namespace.name(), yaml);
    return configMap;
  }

  private void copy(String... files) throws IOException {
    for (String file : files) {
      Files.write(folder.resolve(file), Repository.bytes(SAMPLE + file));
    }
  }

  private static String name(List<HasMetadata> objects, String kind) {
    return object(objects, kind).getMetadata().getName();
  }

  private static JsonNode spec(List<HasMetadata> objects) {
    return new ObjectMapper().<JsonNode>valueToTree(object(objects, "ModelServer")).path("spec");
  }

  private static HasMetadata object(List<HasMetadata> objects, String kind) {
    return objects.stream()
        .filter(object -> object.getKind().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError("kustomize made no " + kind));
  }

  /** Calls enough that each model under way has answered some. */
  private static void awaitSent(OpenLoopLoad load) {
    int target = load.sent() + SECONDS_OF_CALLS * PER_SECOND;
    Awaitility.await(target + " calls")
        .atMost(Duration.ofMinutes(1))
        .until(() -> load.sent() >= target);
  }
}
