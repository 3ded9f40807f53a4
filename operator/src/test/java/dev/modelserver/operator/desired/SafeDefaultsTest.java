package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod gets that nobody asked for. */
class SafeDefaultsTest {
  private static final String MODEL = "model: {uri: 'file:///m.onnx'}\n";
  private static final String SAFE_TO_EVICT =
      "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

  @ParameterizedTest
  @CsvSource({"5m, 300", "1h, 3600", "24h, 86400", "20s, 300"})
  void aStartMayTakeAsLongAsTheRollout(String deadline, int seconds) {
    Container server =
        template("rollout: {progressDeadline: %s}".formatted(deadline))
            .getSpec()
            .getContainers()
            .getFirst();

    assertThat(server.getStartupProbe().getPeriodSeconds()).isEqualTo(1);
    assertThat(server.getStartupProbe().getFailureThreshold()).isEqualTo(seconds);
  }

  @Test
  void theJvmCountsTheRequestedCpusWhereThereIsNoLimit() {
    assertThat(jvmOptions("resources: {requests: {cpu: 1500m}}"))
        .containsExactly("-XX:ActiveProcessorCount=2", "-XX:ActiveProcessorCount=2");
    assertThat(jvmOptions("resources: {requests: {memory: 1Gi}}"))
        .containsExactly("-XX:ActiveProcessorCount=1", "-XX:ActiveProcessorCount=1");
    assertThat(jvmOptions("resources: {limits: {cpu: '2'}}")).isEmpty();
    assertThat(jvmOptions("")).isEmpty();
  }

  @Test
  void podsAreSpreadOverNodesUnlessTheSpecSaysHow() {
    TopologySpreadConstraint spread =
        template("").getSpec().getTopologySpreadConstraints().getFirst();

    assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
    assertThat(spread.getWhenUnsatisfiable()).isEqualTo("ScheduleAnyway");
    assertThat(spread.getMatchLabelKeys()).containsExactly("pod-template-hash");
    assertThat(
            template(
                    "pod: {topologySpreadConstraints: [{maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}]}")
                .getSpec()
                .getTopologySpreadConstraints())
        .extracting(TopologySpreadConstraint::getTopologyKey)
        .containsExactly("zone");
  }

  @Test
  void cachesAreNoReasonToKeepANode() {
    assertThat(template("").getMetadata().getAnnotations())
        .containsEntry(SAFE_TO_EVICT, "model,tmp");
    assertThat(
            template("pod: {annotations: {%s: ''}}".formatted(SAFE_TO_EVICT))
                .getMetadata()
                .getAnnotations())
        .containsEntry(SAFE_TO_EVICT, "");
  }

  @Test
  void theAutoscalerMeasuresTheServerAlone() {
    assertThat(
            DesiredAutoscaler.of(
                    Yaml.resolved(
                        MODEL
                            + "autoscaling: {maxReplicas: 3, cpuUtilization: 70, memoryUtilization: 80}"))
                .orElseThrow()
                .getSpec()
                .getMetrics())
        .hasSize(2)
        .allSatisfy(
            metric -> {
              assertThat(metric.getType()).isEqualTo("ContainerResource");
              assertThat(metric.getResource()).isNull();
              assertThat(metric.getContainerResource().getContainer()).isEqualTo(Containers.SERVER);
            });
  }

  private static Stream<String> jvmOptions(String spec) {
    PodTemplateSpec template = template(spec);
    return Stream.concat(
            template.getSpec().getInitContainers().stream(),
            template.getSpec().getContainers().stream())
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getName().equals("JDK_JAVA_OPTIONS"))
        .map(EnvVar::getValue);
  }

  private static PodTemplateSpec template(String spec) {
    ResolvedModelServer server = Yaml.resolved(MODEL + spec);
    return PodTemplate.of(server);
  }
}
