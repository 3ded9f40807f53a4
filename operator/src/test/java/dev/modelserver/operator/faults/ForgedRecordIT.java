package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.faults.LivingOperator.Space;
import dev.modelserver.operator.resolve.Resolver;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody writes into records of revisions does not run. */
class ForgedRecordIT {
  private static final Space HERE = Space.FORGED;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "iris";
  private static final String FIRST =
      "model: {uri: configmap://iris-model/model.onnx, version: v1}";
  private static final String SECOND =
      "model: {uri: configmap://iris-model/model.onnx, version: v2}";

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

    stage.annotate(HERE, NAME, Resolver.ROLLBACK_TO, "7");

    awaitIgnored("RevisionTampered");
    assertThat(records()).noneMatch(r -> r.getMetadata().getName().endsWith(hash));
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

  private void awaitIgnored(String reason) {
    stage.await(HERE, NAME, "RevisionIgnored", "True", reason);
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

  private List<Event> events(String reason) {
    return stage.client().v1().events().inNamespace(HERE.namespace()).list().getItems().stream()
        .filter(event -> reason.equals(event.getReason()))
        .filter(
            event ->
                Optional.ofNullable(event.getInvolvedObject().getName()).equals(Optional.of(NAME)))
        .toList();
  }

  private void patch(ControllerRevision record, String merge) {
    stage.client().resource(record).patch(PatchContext.of(PatchType.JSON_MERGE), merge);
  }
}
