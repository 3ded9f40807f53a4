package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A spec that cannot be written does not orphan the last good revision. */
class RefusedSpecIT {
  private static final Space HERE = Space.REFUSED;
  private static final String NAME = "iris";
  private static final String QUOTA = "no-services";
  private static final String GOOD =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: v1}\n";
  private static final String OTHER =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: v2}\n";

  private final LivingOperator stage = LivingOperator.get();

  @BeforeEach
  void serve() {
    stage.create(HERE, NAME, GOOD);
    stage.awaitReady(HERE, NAME);
  }

  @AfterEach
  void leaveNothing() {
    stage.client().resourceQuotas().inNamespace(HERE.namespace()).withName(QUOTA).delete();
    stage.modelServer(HERE, NAME).delete();
    Await.until(
        "everything is gone",
        LivingOperator.SOON,
        () -> deployment().isEmpty() && stage.modelServer(HERE, NAME).get() == null);
  }

  @Test
  void anInvalidSpecKeepsItWhole() {
    String invalid = OTHER + "rollout: {progressDeadlineSeconds: 10, minReadySeconds: 10}\n";
    stage.spec(HERE, NAME, invalid + "replicas: 3");

    Condition ready = stage.await(HERE, NAME, "Ready", "False", "InvalidSpec");
    assertThat(ready.message()).contains("spec.rollout.progressDeadlineSeconds", "goes on serving");
    awaitReplicas(3);
    deleteAndAwaitChildren();
    assertThat(version()).isEqualTo("v1");

    stage.spec(HERE, NAME, invalid + "replicas: 2");
    awaitReplicas(2);
    stage.spec(HERE, NAME, OTHER);
    stage.awaitReady(HERE, NAME);
    assertThat(version()).isEqualTo("v2");
  }

  @Test
  void aTemplateThatTheApiServerRefusesIsRolledBackAtOnce() {
    String refused = OTHER + "resources: {requests: {memory: 1Gi}, limits: {memory: 512Mi}}\n";
    stage.spec(HERE, NAME, refused + "replicas: 3");

    Condition rolledBack = stage.await(HERE, NAME, "RolledBack", "True", "Invalid");
    assertThat(rolledBack.message()).contains("must be less than or equal to memory limit");
    awaitReplicas(3);
    deleteAndAwaitChildren();
    assertThat(version()).isEqualTo("v1");

    stage.spec(HERE, NAME, OTHER);
    stage.awaitReady(HERE, NAME);
    assertThat(version()).isEqualTo("v2");
  }

  @Test
  void whatIsRefusedIsALineOfTheLog() throws IOException {
    int before = log().size();

    stage.spec(
        HERE, NAME, OTHER + "resources: {requests: {memory: 1Gi}, limits: {memory: 512Mi}}\n");
    stage.await(HERE, NAME, "RolledBack", "True", "Invalid");
    refuseServices();
    stage.client().services().inNamespace(HERE.namespace()).withName(NAME).delete();
    stage.await(HERE, NAME, "Ready", "False", "QuotaExceeded");
    stage.awaitRest();

    List<String> lines = log().subList(before, log().size());
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        " WARN ",
                        "ModelServer %s/%s: Deployment %s could not be written ("
                            .formatted(HERE.namespace(), NAME, NAME),
                        "must be less than or equal to memory limit",
                        ": change the spec accordingly"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        " WARN ",
                        "Service %s could not be written (".formatted(NAME),
                        "exceeded quota: no-services",
                        ": raise the ResourceQuota"))
        .noneSatisfy(line -> assertThat(line).containsAnyOf("Uncaught", "NotYet", "Exception"))
        .noneSatisfy(line -> assertThat(line).startsWith("\tat "));
  }

  /** Waits until the quota's controller has counted, before which it limits nothing. */
  private void refuseServices() {
    ResourceQuota quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withName(QUOTA)
            .withNamespace(HERE.namespace())
            .endMetadata()
            .withNewSpec()
            .addToHard("count/services", new Quantity("0"))
            .endSpec()
            .build();
    stage.client().resource(quota).create();
    Await.until(
        "the quota counts",
        LivingOperator.SOON,
        () -> {
          ResourceQuota now = stage.client().resource(quota).get();
          return now.getStatus() != null
              && now.getStatus().getHard() != null
              && now.getStatus().getHard().containsKey("count/services");
        });
  }

  private List<String> log() throws IOException {
    return Files.readAllLines(stage.operator().log());
  }

  private void deleteAndAwaitChildren() {
    stage.client().services().inNamespace(HERE.namespace()).withName(NAME).delete();
    stage.client().apps().deployments().inNamespace(HERE.namespace()).withName(NAME).delete();
    Await.until(
        "the Service and the Deployment are back",
        LivingOperator.SOON,
        () ->
            stage.client().services().inNamespace(HERE.namespace()).withName(NAME).get() != null
                && deployment()
                    .filter(d -> d.getMetadata().getDeletionTimestamp() == null)
                    .isPresent());
  }

  private void awaitReplicas(int replicas) {
    Await.until(
        replicas + " replicas",
        LivingOperator.SOON,
        () ->
            deployment()
                .filter(d -> Objects.equals(d.getSpec().getReplicas(), replicas))
                .isPresent());
  }

  private @Nullable String version() {
    return deployment()
        .orElseThrow()
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getLabels()
        .get("app.kubernetes.io/version");
  }

  private Optional<Deployment> deployment() {
    return Optional.ofNullable(
        stage.client().apps().deployments().inNamespace(HERE.namespace()).withName(NAME).get());
  }
}
