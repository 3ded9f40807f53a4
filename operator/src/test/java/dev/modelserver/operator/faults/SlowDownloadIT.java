package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.faults.LivingOperator.Space;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A download that is still running at the progress deadline. */
class SlowDownloadIT {
  private static final Space HERE = Space.SLOW;
  private static final String NAME = "iris";

  private final LivingOperator stage = LivingOperator.get();

  @AfterEach
  void leaveNothing() {
    stage.modelServer(HERE, NAME).delete();
    Await.until(
        "everything is gone",
        LivingOperator.SOON,
        () ->
            stage.client().pods().inNamespace(HERE.namespace()).list().getItems().isEmpty()
                && stage.modelServer(HERE, NAME).get() == null);
  }

  @Test
  void isToldWhileItRunsAndQuotedAfterTheRollback() {
    stage.create(
        HERE, NAME, "model: {configMap: {name: iris-model, key: model.onnx}, version: v1}\n");
    stage.awaitReady(HERE, NAME);

    stage.spec(
        HERE,
        NAME,
        """
        model: {configMap: {name: slow-model, key: model.onnx}, version: v2}
        rollout: {progressDeadlineSeconds: 10}
        """);

    Condition rolling =
        Await.value(
            "Ready tells of the preflight",
            LivingOperator.SOON,
            () ->
                stage
                    .condition(HERE, NAME, "Ready")
                    .filter(c -> c.message().contains("has been in preflight")));
    assertThat(rolling.reason()).isEqualTo("RollingOut");
    Condition rolledBack =
        Await.value(
            "the rollback quotes preflight, it says "
                + stage.await(HERE, NAME, "RolledBack", "True", "ProgressDeadlineExceeded"),
            LivingOperator.SOON,
            () ->
                stage
                    .condition(HERE, NAME, "RolledBack")
                    .filter(c -> c.message().contains("1000 of 4000 bytes")));
    assertThat(rolledBack.reason()).isEqualTo("ProgressDeadlineExceeded");
    assertThat(rolledBack.message())
        .contains("was in preflight", "progressDeadlineSeconds: raise it");
  }
}
