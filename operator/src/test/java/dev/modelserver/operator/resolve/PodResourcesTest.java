package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod may take, and how many threads follow from it. */
class PodResourcesTest {
  private static final String MODEL = "model: {uri: 'file:///m.onnx'}\n";
  private static final String DISK = "ephemeral-storage";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | cpu 250m, memory 256Mi | cpu 1, memory 512Mi | ",
        "{requests: {}} | cpu 250m, memory 256Mi | cpu 1, memory 512Mi | ",
        "{requests: {memory: 2Gi}} | cpu 250m, memory 2Gi | memory 2Gi | 1",
        "{requests: {cpu: 2500m}} | cpu 2500m, memory 256Mi | memory 512Mi | 3",
        "{requests: {cpu: 100m, memory: 64Mi}} | cpu 100m, memory 64Mi | memory 64Mi | 1",
        "{requests: {cpu: '0'}} | cpu 0, memory 256Mi | memory 512Mi | 1",
        "{requests: {cpu: '999999'}} | cpu 999999, memory 256Mi | memory 512Mi | 1024",
        "{limits: {cpu: '2'}} | memory 256Mi | cpu 2, memory 512Mi | ",
        "{limits: {memory: 128Mi}} | cpu 250m | memory 128Mi | 1",
        "{requests: {cpu: '4'}, limits: {cpu: '8', memory: 1Gi}} | cpu 4 | cpu 8, memory 1Gi | ",
      })
  void fillsInWhatIsLeftOut(String resources, String requests, String limits, Integer processors) {
    Workload workload = Yaml.resolved(MODEL + "resources: " + resources).workload();

    assertThat(shown(workload.resources().getRequests())).isEqualTo(requests);
    assertThat(shown(workload.resources().getLimits())).isEqualTo(limits);
    assertThat(workload.processors())
        .as("a JVM reads a CPU limit by itself, and nothing else")
        .isEqualTo(Optional.ofNullable(processors));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{instances: 2} | {} | instances 2 x intraOpThreads 1 is more than 1, the CPUs of the pod by the operator's default resources.limits.cpu \"1\"",
        "{intraOpThreads: 4} | {limits: {cpu: 2500m}} | instances 1 x intraOpThreads 4 is more than 3, the CPUs of the pod by spec.resources.limits.cpu \"2500m\"",
        "{instances: 2, intraOpThreads: 2} | {requests: {cpu: 2500m}} | instances 2 x intraOpThreads 2 is more than 3, the CPUs of the pod by spec.resources.requests.cpu \"2500m\"",
        "{instances: 2} | {requests: {memory: 1Gi}} | instances 2 x intraOpThreads 1 is more than 1, the CPUs of the pod by spec.resources.requests.cpu \"250m\"",
        "{instances: 256, intraOpThreads: 256} | {limits: {cpu: 9999}} | is more than 1024",
      })
  void refusesMoreThreadsThanCpus(String runtime, String resources, String sentence) {
    assertThat(problems("server: {runtime: %s}\nresources: %s".formatted(runtime, resources)))
        .singleElement()
        .asString()
        .startsWith("spec.server.runtime: ")
        .contains(sentence)
        .endsWith(", rounded up: lower them, or raise spec.resources.limits.cpu");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{instances: 2, intraOpThreads: 2} | {limits: {cpu: 3100m}}",
        "{instances: 1, intraOpThreads: 1, memoryArena: Disabled} | {}",
        "{instances: 3} | {requests: {cpu: 2500m}}",
      })
  void allowsAsManyThreadsAsCpus(String runtime, String resources) {
    assertThat(
            Yaml.resolved(
                    MODEL + "server: {runtime: %s}\nresources: %s".formatted(runtime, resources))
                .workload()
                .runtime())
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{limits: {cpu: some}} | spec.resources.limits.cpu \"some\" is not a quantity, for example 500m",
        "{requests: {cpu: -1}} | spec.resources.requests.cpu \"-1\" must not be negative, for example 500m",
      })
  void namesAnAmountOfCpusThatIsNone(String resources, String sentence) {
    assertThat(problems("resources: " + resources)).containsExactly(sentence);
  }

  @Test
  void theOperatorsDefaultsStandWhereTheSpecSaysNothing() {
    ModelDefaults defaults =
        ModelDefaults.parse(
            """
            {"resources": {"requests": {"cpu": "3", "memory": "1Gi"}},
             "imagePullSecrets": [{"name": "registry"}], "nodeSelector": {"pool": "models"},
             "tolerations": [{"key": "models", "operator": "Exists"}], "priorityClassName": "high"}
            """);
    Workload bare = workload(defaults, "");
    Workload own =
        workload(
            defaults,
            """
            resources: {requests: {cpu: 100m}}
            pod:
              imagePullSecrets: [mine]
              nodeSelector: {disk: ssd}
              tolerations: [{key: mine, operator: Exists}]
              priorityClassName: low
            """);

    assertThat(shown(bare.resources().getRequests())).isEqualTo("cpu 3, memory 1Gi");
    assertThat(shown(bare.resources().getLimits())).isEqualTo("memory 1Gi");
    assertThat(bare.processors()).contains(3);
    assertThat(bare.pod().imagePullSecrets()).containsExactly("registry");
    assertThat(bare.pod().nodeSelector()).isEqualTo(Map.of("pool", "models"));
    assertThat(bare.pod().tolerations()).extracting("key").containsExactly("models");
    assertThat(bare.pod().priorityClassName()).contains("high");
    assertThat(bare.hash())
        .as("another default restarts nothing")
        .isEqualTo(workload(ModelDefaults.NONE, "").hash());
    assertThat(shown(own.resources().getRequests())).isEqualTo("cpu 100m, memory 256Mi");
    assertThat(own.pod().imagePullSecrets()).containsExactly("mine");
    assertThat(own.pod().nodeSelector()).isEqualTo(Map.of("disk", "ssd"));
    assertThat(own.pod().tolerations()).extracting("key").containsExactly("mine");
    assertThat(own.pod().priorityClassName()).contains("low");
  }

  private static Workload workload(ModelDefaults defaults, String spec) {
    Resolver.Settings settings =
        new Resolver.Settings(
            "image", ModelHosts.ANY, Duration.ofSeconds(5), Optional.empty(), List.of(), defaults);
    return ((Resolution.Accepted) new Resolver(settings).resolve(Yaml.modelServer(MODEL + spec)))
        .server()
        .workload();
  }

  private static List<String> problems(String spec) {
    return new Resolver(Yaml.SETTINGS).resolve(Yaml.modelServer(MODEL + spec))
            instanceof Resolution.Rejected rejected
        ? rejected.problems()
        : List.of();
  }

  /** Without the disk, which {@link ResourceRequirements} always has. */
  private static String shown(Map<String, Quantity> amounts) {
    return new TreeMap<>(amounts)
        .entrySet().stream()
            .filter(entry -> !entry.getKey().equals(DISK))
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }
}
