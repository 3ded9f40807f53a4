package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The harness itself: without a fault a ModelServer becomes Ready. */
class UndisturbedIT {
  @Test
  void becomesReady() {
    try (ControlPlane plane = ControlPlane.start();
        SimulatedNode _ = SimulatedNode.start(plane.client());
        FaultProxy proxy = FaultProxy.start(plane)) {
      OperatorProcess.Archive archive = OperatorProcess.Archive.make(proxy.url());
      plane
          .client()
          .resource(
              new NamespaceBuilder()
                  .withMetadata(new ObjectMetaBuilder().withName("undisturbed").build())
                  .build())
          .create();
      try (OperatorProcess operator =
          OperatorProcess.start(proxy.url(), "undisturbed", Map.of(), archive)) {
        operator.awaitStarted();
        ModelServer iris =
            Yaml.modelServer("model: {configMap: {name: iris-model, key: model.onnx}}");
        iris.setMetadata(
            new ObjectMetaBuilder().withName("iris").withNamespace("undisturbed").build());
        plane.client().resource(iris).create();
        Await.until(
            "Ready",
            Duration.ofSeconds(30),
            () ->
                Optional.ofNullable(
                        plane
                            .client()
                            .resources(ModelServer.class)
                            .inNamespace("undisturbed")
                            .withName("iris")
                            .get())
                    .flatMap(m -> Conditions.find(Conditions.of(m.getStatus()), "Ready"))
                    .map(Condition::status)
                    .filter("True"::equals)
                    .isPresent());
        Deployment deployment =
            plane.client().apps().deployments().inNamespace("undisturbed").withName("iris").get();
        assertThat(deployment.getStatus().getAvailableReplicas()).isEqualTo(1);
      }
    }
  }
}
