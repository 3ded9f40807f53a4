package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.faults.LivingOperator.Space;
import dev.modelserver.operator.names.Annotations;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody writes into records of revisions does not run. */
class ForgedRecordIT {
  private static final Space HERE = Space.FORGED;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "iris";
  private static final String FIRST =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: v1}";
  private static final String SECOND =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: v2}";

  private final LivingOperator stage = LivingOperator.get();

  @AfterEach
  void leaveNothing() {
    stage.modelServer(HERE, NAME).delete();
    Await.until(
        "everything is gone",
        LivingOperator.SOON,
        () -> records().isEmpty() && stage.modelServer(HERE, NAME).get() == null);
  }

  @Test
  void aForgedRecordIsNotRunThoughARollbackToItIsAsked() {
    stage.create(HERE, NAME, FIRST);
    stage.awaitReady(HERE, NAME);
    ControllerRevision forged =
        stage.client().getKubernetesSerialization().clone(records().getFirst());
    String hash = "f".repeat(10);
    ObjectNode data = JSON.valueToTree(forged.getData());
    ObjectNode spec = (ObjectNode) data.at("/template/spec");
    spec.put("hostPID", true).put("serviceAccountName", "default");
    forged.setData(data);
    forged.setRevision(7L);
    forged.getMetadata().setName(NAME + "-" + hash);
    forged.getMetadata().setResourceVersion(null);
    forged.getMetadata().setManagedFields(List.of());
    forged.getMetadata().getLabels().put("modelserver.dev/revision", hash);
    forged.getMetadata().setAnnotations(Map.of("modelserver.dev/proven-at", "7"));
    stage.client().resource(forged).create();

    stage.annotate(HERE, NAME, Annotations.ROLLBACK_TO, "7");

    awaitIgnored("RevisionTampered");
    // the status is told first
    Await.until(
        "the forged record is gone",
        LivingOperator.SOON,
        () -> records().stream().noneMatch(r -> r.getMetadata().getName().endsWith(hash)));
    PodSpec runs = podSpec();
    assertThat(runs.getHostPID()).isNull();
    assertThat(runs.getServiceAccountName()).isEqualTo(NAME + "-server");
    assertThat(events("RevisionTampered")).hasSize(1);
  }

  @Test
  void aForgedFactIsForgottenAndTheTruthWrittenAnew() {
    stage.create(HERE, NAME, FIRST);
    stage.awaitReady(HERE, NAME);
    ControllerRevision record = records().getFirst();
    patch(record, "{\"metadata\":{\"annotations\":{\"modelserver.dev/proven-at\":\"9\"}}}");

    awaitIgnored("RevisionTampered");
    Await.until(
        "the record says again what is true",
        LivingOperator.SOON,
        () ->
            records().stream()
                .anyMatch(
                    r ->
                        r.getMetadata().getAnnotations() != null
                            && "1"
                                .equals(
                                    r.getMetadata()
                                        .getAnnotations()
                                        .get("modelserver.dev/proven-at"))));
    stage.awaitReady(HERE, NAME);
  }

  @Test
  void recordsBesideAnEmptyStatusAreRenderedAnew() {
    stage.create(HERE, NAME, FIRST);
    stage.awaitReady(HERE, NAME);
    stage.spec(HERE, NAME, SECOND);
    stage.awaitReady(HERE, NAME);
    int pods = generation();
    stage.operator().kill();
    ModelServer server = stage.modelServer(HERE, NAME).get();
    server.setStatus(null);
    stage.client().resource(server).subresource("status").update();

    stage.operator().restartIfEnded();
    stage.operator().awaitStarted();

    awaitIgnored("RevisionUnverified");
    stage.awaitReady(HERE, NAME);
    assertThat(generation()).isEqualTo(pods);
    assertThat(records()).hasSize(1);
  }

  @Test
  void anotherConfigMapOfARevisionIsReplacedAndReported() {
    stage.create(HERE, NAME, FIRST);
    stage.awaitReady(HERE, NAME);
    ConfigMap own = configMap(records().getFirst().getMetadata().getName());
    replace(own, Map.of("config.json", "{\"contract\": 1, \"model\": {\"name\": \"evil\"}}"));

    Condition ignored = awaitIgnored("RevisionTampered");
    assertThat(ignored.message())
        .startsWith("ConfigMap " + own.getMetadata().getName())
        .contains("was replaced");
    Await.until(
        "the configuration is the operator's",
        LivingOperator.SOON,
        () -> configMap(own.getMetadata().getName()).getData().equals(own.getData()));
    assertThat(events("RevisionTampered")).isNotEmpty();
    assertThat(variable("MODELSERVER_CONFIG_SHA256")).matches("[0-9a-f]{64}");
  }

  @Test
  void aForgedPinIsReplacedByTheDigestThatWasLearned() {
    stage.create(HERE, NAME, FIRST);
    stage.awaitReady(HERE, NAME);
    ControllerRevision record = records().getFirst();
    String name = record.getMetadata().getName();
    String learned =
        Await.value(
            "the status tells the pin",
            LivingOperator.SOON,
            () ->
                Optional.ofNullable(stage.modelServer(HERE, NAME).get().getStatus())
                    .flatMap(status -> Optional.ofNullable(status.revisions()))
                    .orElse(List.of())
                    .stream()
                    .filter(r -> r.name().equals(name))
                    .flatMap(r -> Optional.ofNullable(r.pin()).stream())
                    .findFirst());
    String forged = "f".repeat(64);
    patch(
        record,
        "{\"metadata\":{\"annotations\":{\"modelserver.dev/pin\":\"%s\",\"modelserver.dev/preflight\":null}}}"
            .formatted(forged));
    replace(configMap(name + "-pin"), Map.of("sha256", forged));

    awaitIgnored("RevisionTampered");
    Await.until(
        "the pin is the learned digest again",
        LivingOperator.SOON,
        () ->
            learned.equals(configMap(name + "-pin").getData().get("sha256"))
                && learned.equals(annotation(name, "modelserver.dev/pin")));
  }

  /** A record of another owner triggers no reconciliation, so the annotation does. */
  @Test
  void aRecordWithAnotherOwnerIsRestored() {
    stage.create(HERE, NAME, FIRST);
    stage.awaitReady(HERE, NAME);
    stage.awaitRest();
    ControllerRevision record = records().getFirst();
    String name = record.getMetadata().getName();
    String template = podSpec().toString();
    patch(
        record,
        "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"mine\",\"uid\":\"00000000-0000-0000-0000-000000000000\",\"controller\":true}]}}");

    stage.annotate(HERE, NAME, Annotations.ROLLBACK_TO, "1");

    Await.until(
        "the record is the operator's again",
        LivingOperator.SOON,
        () ->
            records().stream()
                .filter(r -> r.getMetadata().getName().equals(name))
                .anyMatch(
                    r ->
                        r.getMetadata()
                                .getOwnerReferences()
                                .equals(record.getMetadata().getOwnerReferences())
                            && r.getData().equals(record.getData())));
    assertThat(podSpec().toString()).isEqualTo(template);
  }

  /** As somebody does it who may delete and create, since what is immutable cannot be changed. */
  private void replace(ConfigMap own, Map<String, String> data) {
    ConfigMap other = stage.client().getKubernetesSerialization().clone(own);
    other.setData(data);
    other.getMetadata().setResourceVersion(null);
    other.getMetadata().setUid(null);
    other.getMetadata().setManagedFields(List.of());
    stage.client().resource(own).delete();
    Await.until(
        "another takes its place",
        LivingOperator.SOON,
        () -> {
          try {
            stage.client().resource(other).create();
            return true;
          } catch (KubernetesClientException e) {
            // the operator was faster
            stage.client().resource(own).delete();
            return false;
          }
        });
  }

  private ConfigMap configMap(String name) {
    return Await.value(
        "ConfigMap " + name,
        LivingOperator.SOON,
        () ->
            Optional.ofNullable(
                stage.client().configMaps().inNamespace(HERE.namespace()).withName(name).get()));
  }

  private @Nullable String annotation(String record, String key) {
    return records().stream()
        .filter(r -> r.getMetadata().getName().equals(record))
        .flatMap(r -> Optional.ofNullable(r.getMetadata().getAnnotations()).stream())
        .map(annotations -> annotations.get(key))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private String variable(String name) {
    return podSpec().getContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  private Condition awaitIgnored(String reason) {
    return stage.await(HERE, NAME, "RevisionIgnored", "True", reason);
  }

  private int generation() {
    return Math.toIntExact(
        stage
            .client()
            .apps()
            .deployments()
            .inNamespace(HERE.namespace())
            .withName(NAME)
            .get()
            .getMetadata()
            .getGeneration());
  }

  private PodSpec podSpec() {
    return stage
        .client()
        .apps()
        .deployments()
        .inNamespace(HERE.namespace())
        .withName(NAME)
        .get()
        .getSpec()
        .getTemplate()
        .getSpec();
  }

  private List<ControllerRevision> records() {
    return stage
        .client()
        .apps()
        .controllerRevisions()
        .inNamespace(HERE.namespace())
        .withLabel("modelserver.dev/name", NAME)
        .list()
        .getItems();
  }

  /** Of the ModelServer that is there now. */
  private List<Event> events(String reason) {
    String uid = stage.modelServer(HERE, NAME).get().getMetadata().getUid();
    return stage.client().v1().events().inNamespace(HERE.namespace()).list().getItems().stream()
        .filter(event -> reason.equals(event.getReason()))
        .filter(
            event ->
                Optional.ofNullable(event.getInvolvedObject().getUid()).equals(Optional.of(uid)))
        .toList();
  }

  private void patch(ControllerRevision record, String merge) {
    stage.client().resource(record).patch(PatchContext.of(PatchType.JSON_MERGE), merge);
  }
}
