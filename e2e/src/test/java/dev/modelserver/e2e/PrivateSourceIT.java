package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.ModelHost;
import dev.modelserver.e2e.model.SelfSignedHost;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Models behind a certificate of a private authority and a password: what is missing is told in
 * words, no call fails meanwhile, and the password stays in its Secret.
 */
@ClusterTest
class PrivateSourceIT {
  private static final String AUTHORITY = "company-ca";
  private static final String CREDENTIALS = "store-user";
  private static final String USER = "reader";
  private static final String PASSWORD = "a-password-that-no-log-may-show";
  private static final int REPLICAS = 2;
  private static final int PER_SECOND = 20;
  private static final int A_WHILE = 3 * PER_SECOND;

  private final StringBuilder account = new StringBuilder();

  @Test
  void aModelBehindAPrivateAuthorityAndAPassword() throws IOException {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "private");
        ModelHost host = ModelHost.start(namespace.cluster())) {
      SelfSignedHost store = SelfSignedHost.on(host.address());
      store.serve("/iris.onnx", IrisModel.V1_1.bytes(), USER, PASSWORD);
      putAuthority(namespace, store);
      namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
      ModelServerClient iris = namespace.modelServer("iris");
      iris.create(IrisModel.V1_0.spec(REPLICAS));
      iris.awaitReady();
      iris.awaitReadyPods(REPLICAS);
      OpenLoopLoad load = IrisModel.load(iris.predict(), PER_SECOND);
      try {
        load.awaitMore(A_WHILE);
        tell(iris, "no trust", spec(store, Map.of()), "DownloadTlsFailed", "spec.model.trust");
        putCredentials(namespace, "another-password");
        tell(iris, "wrong", spec(store, both()), "DownloadForbidden", "Secret " + CREDENTIALS);

        putCredentials(namespace, PASSWORD);
        iris.annotate("modelserver.dev/retry", "with the right password");
        assertThat(iris.awaitReady().status("/model/sha256")).isEqualTo(IrisModel.V1_1.sha256());
        iris.awaitReadyPods(REPLICAS);
        load.awaitMore(A_WHILE);
      } finally {
        load.stop();
      }
      LoadResult result = load.stop();
      Evidence.record("private-source.md", "Models in private stores", account.toString() + result);
      assertThat(result.failures()).as(result.toString()).isEmpty();
      onlyPreflightMounts(iris);
      assertThat(visible(namespace))
          .as("Events, objects and logs")
          .contains(store.uri("/iris.onnx"))
          .doesNotContain(PASSWORD, "another-password");
    }
  }

  /** Rolls out what must fail, and expects its reason and words. */
  private void tell(
      ModelServerClient iris, String what, Map<String, Object> spec, String reason, String words) {
    iris.replaceSpec(spec);
    ModelServerState.Condition why =
        iris.await(
                "rolled back with " + words,
                ModelServerClient.ROLLOUT,
                state ->
                    state.is("RolledBack")
                        && state
                            .condition("RolledBack")
                            .filter(condition -> condition.message().contains(words))
                            .isPresent())
            .condition("RolledBack")
            .orElseThrow();
    account.append("%s: %s: %s%n".formatted(what, why.reason(), why.message()));
    assertThat(why.reason()).as(why.message()).isEqualTo(reason);
    assertThat(why.message()).doesNotContain(PASSWORD);
  }

  private static Map<String, Object> spec(SelfSignedHost store, Map<String, Object> access) {
    Map<String, Object> spec = IrisModel.V1_1.spec(REPLICAS);
    BadModel.fetch(spec, store.uri("/iris.onnx"));
    BadModel.model(spec).putAll(access);
    spec.put("rollout", Map.of("progressDeadlineSeconds", 20));
    return spec;
  }

  private static Map<String, Object> trust() {
    return Map.of("trust", Map.of("configMap", Map.of("name", AUTHORITY, "key", "ca.crt")));
  }

  private static Map<String, Object> both() {
    Map<String, Object> both = new LinkedHashMap<>(trust());
    both.put("credentials", Map.of("secretName", CREDENTIALS));
    return both;
  }

  private static void putAuthority(TestNamespace namespace, SelfSignedHost store) {
    namespace
        .cluster()
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(AUTHORITY)
                .withNamespace(namespace.name())
                .endMetadata()
                .addToData("ca.crt", store.identity().pem())
                .build())
        .serverSideApply();
  }

  private static void putCredentials(TestNamespace namespace, String password) {
    namespace
        .cluster()
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(CREDENTIALS)
                .withNamespace(namespace.name())
                .endMetadata()
                .addToStringData(Map.of("username", USER, "password", password))
                .build())
        .serverSideApply();
  }

  private static void onlyPreflightMounts(ModelServerClient iris) {
    for (Pod pod : iris.pods()) {
      assertThat(mounts(pod.getSpec().getInitContainers())).contains("credentials", "trust");
      assertThat(mounts(pod.getSpec().getContainers()))
          .contains("model")
          .doesNotContain("credentials", "trust");
    }
  }

  private static Stream<String> mounted(Container container) {
    return container.getVolumeMounts().stream().map(VolumeMount::getName);
  }

  private static List<String> mounts(List<Container> containers) {
    return containers.stream().flatMap(PrivateSourceIT::mounted).toList();
  }

  /** Everything that a person with read rights sees, but the Secret. */
  private static String visible(TestNamespace namespace) {
    KubernetesClient client = namespace.cluster().client();
    String name = namespace.name();
    Stream<?> objects =
        Stream.of(
                client.v1().events().inNamespace(name).list().getItems(),
                client.pods().inNamespace(name).list().getItems(),
                client.configMaps().inNamespace(name).list().getItems(),
                client.apps().deployments().inNamespace(name).list().getItems(),
                client.apps().controllerRevisions().inNamespace(name).list().getItems(),
                client
                    .genericKubernetesResources(ModelServerClient.CONTEXT)
                    .inNamespace(name)
                    .list()
                    .getItems())
            .flatMap(List::stream);
    Stream<String> logs =
        client.pods().inNamespace(name).list().getItems().stream()
            .flatMap(
                pod ->
                    Stream.of("preflight", "server")
                        .map(
                            container ->
                                client
                                    .pods()
                                    .inNamespace(name)
                                    .withName(pod.getMetadata().getName())
                                    .inContainer(container)
                                    .getLog()));
    return Stream.concat(objects.map(client.getKubernetesSerialization()::asJson), logs)
        .collect(Collectors.joining("\n"));
  }
}
