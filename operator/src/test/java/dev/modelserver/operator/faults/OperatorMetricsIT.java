package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The metrics of a ModelServer while it lives, after a restart that writes nothing, and after it.
 */
class OperatorMetricsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String NAMESPACE = "metrics";
  private static final String LABELS = "{modelserver_namespace=\"metrics\",modelserver=\"iris\"}";

  @Test
  void metricsFollowTheModelServer() {
    try (ControlPlane plane = ControlPlane.start();
        SimulatedNode _ = SimulatedNode.start(plane.client());
        FaultProxy proxy = FaultProxy.start(plane)) {
      Stage stage = Stage.create(plane.client(), NAMESPACE);
      OperatorProcess.Archive archive = OperatorProcess.Archive.make(proxy.url());
      try (OperatorProcess operator =
          OperatorProcess.start(proxy.url(), NAMESPACE, Map.of(), archive)) {
        operator.awaitStarted();
        stage.create("model: {configMap: {name: iris-model, key: model.onnx}}\nreplicas: 2");
        stage.awaitTrue("Ready");

        Await.until("the gauge says 1", LIMIT, () -> operator.metrics().contains(ready("1.0")));
        assertThat(operator.metrics().lines())
            .contains(
                "modelserver_modelservers{ready=\"True\",reason=\"Ready\"} 1.0",
                "modelserver_replicas_desired" + LABELS + " 2.0",
                "modelserver_replicas_available" + LABELS + " 2.0",
                "modelserver_rollouts_total" + LABELS + " 1.0")
            .anyMatch(
                line ->
                    line.startsWith(
                        "modelserver_writes_total{verb=\"patch\",resource=\"deployments\"}"))
            .anyMatch(
                line ->
                    line.startsWith(
                        "modelserver_writes_total{verb=\"patch\",resource=\"modelservers/status\"}"));

        String version = stage.find().orElseThrow().getMetadata().getResourceVersion();
        operator.crash();
        operator.awaitStarted();
        Await.until(
            "the gauge says 1 after a restart",
            LIMIT,
            () -> operator.metrics().contains(ready("1.0")));
        assertThat(stage.find().orElseThrow().getMetadata().getResourceVersion())
            .isEqualTo(version);
        assertThat(operator.metric("modelserver_rollouts_total" + LABELS)).isEqualTo("0.0");

        stage.delete();
        Await.until("its series are gone", LIMIT, () -> !operator.metrics().contains("iris"));
      }
    }
  }

  private static String ready(String value) {
    return "modelserver_ready" + LABELS + " " + value;
  }
}
