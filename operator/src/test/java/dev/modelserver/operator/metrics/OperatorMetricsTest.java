package dev.modelserver.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RevisionStatus;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.Outside;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorMetricsTest {
  private static final OperatorMetrics.Id IRIS = new OperatorMetrics.Id("team-a", "iris");
  private static final OperatorMetrics.Id DIGITS = new OperatorMetrics.Id("team-b", "digits");
  private static final String LABELS = "{modelserver_namespace=\"team-a\",modelserver=\"iris\",}";
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private final OperatorMetrics metrics = new OperatorMetrics(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void aPassThatWritesNothingTellsEverything() {
    metrics.existing(() -> Set.of(IRIS));
    ModelServerStatus status = status("iris-1", condition("Ready", "True", "Ready"));

    metrics.passed(IRIS, passed(Optional.of(status), status));

    assertThat(text().lines())
        .contains(
            "modelserver_modelservers{ready=\"True\",reason=\"Ready\",} 1.0",
            "modelserver_ready" + LABELS + " 1.0",
            "modelserver_ready_reason{modelserver_namespace=\"team-a\",modelserver=\"iris\",reason=\"Ready\",} 1.0",
            "modelserver_replicas_desired" + LABELS + " 3.0",
            "modelserver_replicas_ready" + LABELS + " 2.0",
            "modelserver_replicas_available" + LABELS + " 1.0",
            "modelserver_replicas_min" + LABELS + " 2.0",
            "modelserver_replicas_max" + LABELS + " 5.0",
            "modelserver_rolled_back" + LABELS + " 0.0",
            "modelserver_revision_created_timestamp_seconds"
                + LABELS
                + " "
                + (double) (NOW.getEpochSecond() + 24 * 60 * 60),
            "modelserver_last_reconcile_timestamp_seconds"
                + LABELS
                + " "
                + (double) NOW.getEpochSecond(),
            "modelserver_rollouts_total" + LABELS + " 0.0",
            "modelserver_rollbacks_total{modelserver_namespace=\"team-a\",modelserver=\"iris\",cause=\"Automatic\",} 0.0",
            "modelserver_rollbacks_total{modelserver_namespace=\"team-a\",modelserver=\"iris\",cause=\"Manual\",} 0.0");
  }

  @Test
  void seriesEndWithTheirModelServer() {
    ModelServerStatus status = status("iris-1", condition("Ready", "False", "RollingOut"));
    metrics.existing(() -> Set.of(IRIS, DIGITS));
    metrics.passed(IRIS, passed(Optional.empty(), status));
    metrics.passed(DIGITS, passed(Optional.empty(), status));
    assertThat(text())
        .contains("modelserver_modelservers{ready=\"False\",reason=\"RollingOut\",} 2.0")
        .contains("digits");

    metrics.existing(() -> Set.of(IRIS));
    assertThat(text())
        .contains("modelserver_modelservers{ready=\"False\",reason=\"RollingOut\",} 1.0")
        .doesNotContain("digits");

    metrics.existing(() -> Set.of(IRIS, DIGITS));
    assertThat(text()).as("nothing is kept of it").doesNotContain("digits");
  }

  @ParameterizedTest
  @CsvSource({
    "True, Ready, True, Ready, 1.0",
    "False, ImagePullFailed, False, ImagePullFailed, 0.0",
    // The preflight of an image of the user's own may say anything.
    "False, Whatever, False, Other, 0.0",
    "Maybe, Ready, Unknown, Ready, 0.0",
  })
  void foreignTextIsNoLabel(
      String status, String reason, String ready, String shown, String value) {
    metrics.existing(() -> Set.of(IRIS));

    metrics.passed(
        IRIS, passed(Optional.empty(), status("iris-1", condition("Ready", status, reason))));

    assertThat(text().lines())
        .contains(
            "modelserver_modelservers{ready=\"%s\",reason=\"%s\",} 1.0".formatted(ready, shown),
            "modelserver_ready" + LABELS + " " + value);
  }

  @Test
  void rolloutsAndRollbacksAreCountedOnce() {
    metrics.existing(() -> Set.of(IRIS));
    ModelServerStatus first = status("iris-1", condition("Ready", "True", "Ready"));
    ModelServerStatus second = status("iris-2", condition("Ready", "False", "RollingOut"));
    ModelServerStatus back =
        status(
            "iris-2",
            condition("Ready", "False", "RolledBack"),
            condition("RolledBack", "True", "InvalidModel"));
    ModelServerStatus byHand =
        status(
            "iris-1",
            condition("Ready", "False", "ManualRollback"),
            condition("RolledBack", "True", "ManualRollback"));

    metrics.passed(IRIS, passed(Optional.empty(), first));
    metrics.passed(IRIS, passed(Optional.of(first), second));
    metrics.passed(IRIS, passed(Optional.of(second), back));
    metrics.passed(IRIS, passed(Optional.of(back), back));
    metrics.passed(IRIS, passed(Optional.of(back), first));
    metrics.passed(IRIS, passed(Optional.of(first), byHand));

    assertThat(text().lines())
        .contains(
            "modelserver_rollouts_total" + LABELS + " 3.0",
            "modelserver_rolled_back" + LABELS + " 1.0",
            "modelserver_rollbacks_total{modelserver_namespace=\"team-a\",modelserver=\"iris\",cause=\"Automatic\",} 1.0",
            "modelserver_rollbacks_total{modelserver_namespace=\"team-a\",modelserver=\"iris\",cause=\"Manual\",} 1.0");
  }

  @Test
  void withoutADeploymentTheSpecSaysWhatIsWanted() {
    metrics.existing(() -> Set.of(IRIS));

    metrics.passed(
        IRIS,
        new Passed(
            Optional.empty(),
            status("iris-1", condition("Ready", "False", "QuotaExceeded")),
            seen(Optional.empty()),
            Optional.of(new Scaling.Fixed(2))));

    assertThat(text().lines())
        .contains(
            "modelserver_replicas_desired" + LABELS + " 2.0",
            "modelserver_replicas_available" + LABELS + " 0.0")
        .noneMatch(line -> line.startsWith("modelserver_replicas_max{"));
  }

  @Test
  void refusalsAndWrites() {
    metrics.refused(Reason.FORBIDDEN);
    metrics.refused(Reason.FORBIDDEN);
    metrics.wrote("patch", "deployments");

    assertThat(text().lines())
        .contains(
            "# TYPE modelserver_refusals_total counter",
            "modelserver_refusals_total{reason=\"Forbidden\",} 2.0",
            "modelserver_writes_total{verb=\"patch\",resource=\"deployments\",} 1.0");
  }

  private static Passed passed(Optional<ModelServerStatus> before, ModelServerStatus after) {
    Deployment deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .withReplicas(3)
            .withNewTemplate()
            .withNewMetadata()
            .endMetadata()
            .endTemplate()
            .endSpec()
            .withNewStatus()
            .withReplicas(3)
            .withReadyReplicas(2)
            .withAvailableReplicas(1)
            .endStatus()
            .build();
    return new Passed(
        before,
        after,
        seen(Optional.of(deployment)),
        Optional.of(new Scaling.Autoscaled(2, 5, List.of(), Optional.empty())));
  }

  private static Observed seen(Optional<Deployment> deployment) {
    return new Observed(
        deployment,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Outside.NONE,
        Set.of(),
        NOW);
  }

  private static ModelServerStatus status(String revision, Condition... conditions) {
    RevisionStatus entry =
        new RevisionStatus(1L, revision, "v1", null, "2026-12-01T12:00:00Z", "Good", null);
    return new ModelServerStatus(
        1L,
        3,
        2,
        "2/3",
        null,
        null,
        null,
        null,
        revision,
        null,
        List.of(entry),
        null,
        null,
        List.of(conditions));
  }

  private static Condition condition(String type, String status, String reason) {
    return new Condition(type, status, 1L, NOW.toString(), reason, "words");
  }

  private String text() {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(metrics);
    StringWriter text = new StringWriter();
    try {
      io.prometheus.client.exporter.common.TextFormat.write004(
          text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
