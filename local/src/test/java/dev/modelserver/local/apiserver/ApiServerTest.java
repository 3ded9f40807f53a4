package dev.modelserver.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.local.Definitions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the store cannot do by itself, seen through a real client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerTest {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private ApiServer server;
  private KubernetesClient client;
  private int number;
  private String name;

  @BeforeAll
  void start() {
    server = ApiServer.start(List.of(Definitions.modelServer()));
    client = server.client();
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  /** Each test has objects of its own. */
  @BeforeEach
  void rename() {
    name = "object-" + number++;
  }

  @Test
  void applyCreatesWhatIsAbsent() {
    var applied = apply(deployment(2));

    assertThat(applied.getMetadata().getUid()).isNotBlank();
    assertThat(applied.getMetadata().getCreationTimestamp()).endsWith("Z");
    assertThat(applied.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(applied.getSpec().getReplicas()).isEqualTo(2);
    assertThat(client.apps().deployments().withName(name).get()).isEqualTo(applied);
  }

  @Test
  void applyMergesIntoWhatIsThereAndKeepsFieldsOfOthers() {
    var created = apply(deployment(2));
    client
        .apps()
        .deployments()
        .withName(name)
        .patch(MERGE, "{\"metadata\":{\"labels\":{\"by\":\"other\"}}}");

    var applied = apply(deployment(3));

    assertThat(applied.getMetadata().getLabels()).containsEntry("by", "other");
    assertThat(applied.getSpec().getReplicas()).isEqualTo(3);
    assertThat(applied.getMetadata().getUid()).isEqualTo(created.getMetadata().getUid());
    assertThat(applied.getMetadata().getGeneration()).isEqualTo(2);
    assertThat(applied.getMetadata().getResourceVersion())
        .isNotEqualTo(created.getMetadata().getResourceVersion());
  }

  @Test
  void anApplyThatChangesNothingKeepsTheVersion() {
    var created = apply(deployment(2));

    var again = apply(deployment(2));

    assertThat(again.getMetadata().getResourceVersion())
        .isEqualTo(created.getMetadata().getResourceVersion());
    assertThat(again.getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void applyReplacesLists() {
    apply(deployment(1));
    var second = deployment(1);
    second.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("second");

    var applied = apply(second);

    assertThat(applied.getSpec().getTemplate().getSpec().getContainers())
        .singleElement()
        .satisfies(container -> assertThat(container.getImage()).isEqualTo("second"));
  }

  @Test
  void anApplyOfTheStatusChangesNothingElse() {
    create(modelServer(Map.of("model", Map.of("uri", "file:///model.onnx"))));
    var body = modelServer(Map.of("replicas", 7));
    body.setAdditionalProperty("status", Map.of("url", "http://there"));

    modelServers()
        .resource(body)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("test")
                .withForce(true)
                .build());

    var stored = modelServers().withName(name).require();
    assertThat(stored.<String>get("status", "url")).isEqualTo("http://there");
    assertThat(stored.<Integer>get("spec", "replicas")).isEqualTo(1);
    assertThat(stored.getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void anApplyOfTheSpecLeavesTheStatus() {
    create(modelServer(Map.of("model", Map.of("uri", "file:///model.onnx"))));
    modelServers()
        .withName(name)
        .subresource("status")
        .patch(MERGE, "{\"status\":{\"url\":\"http://there\"}}");

    modelServers()
        .resource(modelServer(Map.of("replicas", 2, "model", Map.of("uri", "file:///model.onnx"))))
        .fieldManager("test")
        .forceConflicts()
        .serverSideApply();

    var stored = modelServers().withName(name).require();
    assertThat(stored.<String>get("status", "url")).isEqualTo("http://there");
    assertThat(stored.getMetadata().getGeneration()).isEqualTo(2);
  }

  @Test
  void aMergePatchRemovesWhatIsNull() {
    client.resource(configMap("old")).create();

    client.configMaps().withName(name).patch(MERGE, "{\"data\":{\"old\":null,\"new\":\"2\"}}");

    assertThat(client.configMaps().withName(name).require().getData())
        .containsExactly(Map.entry("new", "2"));
  }

  @Test
  void createFillsInTheDefaultsOfTheSchema() {
    create(modelServer(Map.of("model", Map.of("uri", "file:///model.onnx"))));

    assertThat(modelServers().withName(name).require().<Integer>get("spec", "replicas"))
        .isEqualTo(1);
  }

  @Test
  void createRefusesWhatTheSchemaRefuses() {
    assertThatThrownBy(() -> create(modelServer(Map.of("modle", Map.of()))))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> {
              assertThat(refusal.getCode()).isEqualTo(422);
              assertThat(refusal.getStatus().getMessage())
                  .isEqualTo(
                      "ModelServer \""
                          + name
                          + "\" is invalid: spec.model: Required value; "
                          + "unknown field \"spec.modle\"");
            });
  }

  @Test
  void anOldVersionIsRefused() {
    var old = client.resource(configMap("old")).create();
    client.configMaps().withName(name).patch(MERGE, "{\"data\":{\"new\":\"2\"}}");

    assertThatThrownBy(() -> client.resource(old).update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void discoveryKnowsWhatIsThereAndNothingElse() {
    assertThat(client.hasApiGroup("modelserver.dev", true)).isTrue();
    assertThat(client.hasApiGroup("monitoring.coreos.com", true)).isFalse();
    assertThat(client.getApiResources("modelserver.dev/v1alpha1").getResources())
        .extracting("name")
        .containsExactly("modelservers");
    assertThat(client.getApiResources("monitoring.coreos.com/v1")).isNull();
    assertThat(client.supports(Deployment.class)).isTrue();
    assertThat(Objects.requireNonNull(client.getKubernetesVersion()).getMinor()).isEqualTo("36");
  }

  private Deployment apply(Deployment deployment) {
    return client.resource(deployment).fieldManager("test").forceConflicts().serverSideApply();
  }

  private Deployment deployment(int replicas) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewTemplate()
        .withNewSpec()
        .addNewContainer()
        .withName("server")
        .withImage("first")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private ConfigMap configMap(String key) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .addToData(key, "1")
        .build();
  }

  private GenericKubernetesResource modelServer(Map<String, Object> spec) {
    return Serialization.unmarshal(
        Serialization.asJson(
            Map.of(
                "apiVersion",
                "modelserver.dev/v1alpha1",
                "kind",
                "ModelServer",
                "metadata",
                Map.of("name", name, "namespace", "default"),
                "spec",
                spec)),
        GenericKubernetesResource.class);
  }

  private void create(GenericKubernetesResource object) {
    client.resource(object).create();
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      modelServers() {
    return client
        .genericKubernetesResources("modelserver.dev/v1alpha1", "ModelServer")
        .inNamespace("default");
  }
}
