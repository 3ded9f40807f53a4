package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.EnvironmentVariable;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {
  private static final String MINIMAL = "model: {uri: 'configmap://iris-model/model.onnx'}";

  @Test
  void fillsInEveryDefault() {
    ResolvedModelServer server = Yaml.resolved(MINIMAL);

    assertThat(server.scaling()).isEqualTo(new Scaling.Fixed(1));
    assertThat(server.rollout().progressDeadline()).isEqualTo(Duration.ofMinutes(5));
    assertThat(server.rollout().autoRollback()).isTrue();
    assertThat(server.rollout().maxUnavailable().getIntVal()).isZero();
    assertThat(server.workload().image()).isEqualTo("registry.test/server:1.0.0");
    assertThat(server.workload().model().name()).isEqualTo("iris");
    assertThat(server.workload().model().uri())
        .isEqualTo(
            new ModelUri.ConfigMapKey(
                "configmap://iris-model/model.onnx", "iris-model", "model.onnx"));
    assertThat(server.workload().resources().getLimits().get("memory")).hasToString("512Mi");
    assertThat(server.service().port()).isEqualTo(80);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://host/model.onnx | unknown scheme",
        "configmap://iris | configmap://NAME/KEY",
        "configmap://iris/a/b | configmap://NAME/KEY",
        "pvc://claim/../x.onnx | without . or .. segments",
        "pvc://claim/a//x.onnx | without . or .. segments",
        "file://host/model.onnx | file:///PATH",
        "https://user:secret@host/model.onnx | no user or password",
        "https:///model.onnx | https://HOST/PATH",
        "https://host/mo del.onnx | is not a URI",
      })
  void refusesAUriThatCannotBeServed(String uri, String remedy) {
    assertThat(problems("model: {uri: '%s'}".formatted(uri)))
        .singleElement()
        .asString()
        .contains("spec.model.uri")
        .contains(uri)
        .contains(remedy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server: {requestTimeout: 0s} | spec.server.requestTimeout",
        "server: {requestTimeout: 31m} | spec.server.requestTimeout",
        "server: {batching: {maxDelay: 1001ms}} | spec.server.batching.maxDelay",
        "server: {batching: {maxDelay: soon}} | spec.server.batching.maxDelay",
        "server: {env: [{name: MODELSERVER_CONFIG, value: x}]} | MODELSERVER_CONFIG",
        "server: {env: [{name: ORT_LOAD_CONFIG_FROM_MODEL, value: '1'}]} | ORT_LOAD_CONFIG_FROM_MODEL",
        "rollout: {progressDeadline: 10s, minReadySeconds: 10} | spec.rollout.progressDeadline",
        "rollout: {progressDeadline: 999999h} | spec.rollout.progressDeadline",
        "service: {port: 9000} | spec.service.port",
        "model: {uri: 'https://h/m', maxSize: 8Ei} | spec.model.maxSize",
        "model: {uri: 'https://h/m', maxSize: '0.1'} | spec.model.maxSize",
        "pod: {affinity: {nodeAffinity: foo}} | spec.pod.affinity",
        "pod: {tolerations: [{tolerationSeconds: abc}]} | spec.pod.tolerations[0]",
        "autoscaling: {maxReplicas: 3, behavior: {scaleDown: fast}} | spec.autoscaling.behavior",
        "pod: {labels: {modelserver.dev/name: other}} | spec.pod.labels",
        "pod: {annotations: {modelserver.dev/x: y}} | spec.pod.annotations",
        "pod: {annotations: {container.apparmor.security.beta.kubernetes.io/server: unconfined}} | container.apparmor.security.beta.kubernetes.io/server",
        "pod: {annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}} | seccomp.security.alpha.kubernetes.io/pod",
        "pod: {annotations: {io.kubernetes.cri-o.Devices: /dev/sda}} | io.kubernetes.cri-o.Devices",
        "pod: {annotations: {cpu-load-balancing.crio.io: disable}} | cpu-load-balancing.crio.io",
        "pod: {annotations: {cdi.k8s.io/gpu: vendor.com/gpu=all}} | cdi.k8s.io/gpu",
        "server: {env: [{name: LD_PRELOAD, value: /tmp/a.so}]} | LD_PRELOAD",
        "server: {env: [{name: JAVA_TOOL_OPTIONS, value: -javaagent:a}]} | JAVA_TOOL_OPTIONS",
        "server: {env: [{name: JDK_JAVA_OPTIONS, value: -javaagent:a}]} | JDK_JAVA_OPTIONS",
        "server: {env: [{name: _JAVA_OPTIONS, value: -javaagent:a}]} | _JAVA_OPTIONS",
        "server: {env: [{name: QUARKUS_HTTP_PORT, value: '1'}]} | QUARKUS_HTTP_PORT",
      })
  void namesTheFieldThatMustChange(String field, String named) {
    String spec = field.startsWith("model:") ? field : MINIMAL + "\n" + field;
    assertThat(problems(spec)).singleElement().asString().contains(named);
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThat(
            problems(
                "model: {uri: 'ftp://x/y'}\nrollout: {progressDeadline: 1s, minReadySeconds: 5}"))
        .hasSize(2);
  }

  @Test
  void allowsOnlyTheLabelsAndSizesItIsConfiguredFor() {
    Resolver resolver =
        new Resolver(
            new Resolver.Settings(
                "image",
                ModelHosts.ANY,
                Duration.ofSeconds(5),
                Optional.of(new Quantity("500Mi")),
                List.of("team.example.com/"),
                ModelDefaults.NONE));

    assertThat(problems(resolver, MINIMAL)).isEmpty();
    assertThat(problems(resolver, MINIMAL + "\npod: {labels: {team.example.com/a: b}}")).isEmpty();
    assertThat(problems(resolver, MINIMAL + "\npod: {labels: {app: web}}"))
        .containsExactly(
            "spec.pod.labels \"app\": this operator allows keys that begin with team.example.com/");
    assertThat(problems(resolver, "model: {uri: 'https://h/m', maxSize: 1Gi}"))
        .containsExactly(
            "spec.model.maxSize \"1Gi\" is above 500Mi, the largest model that this operator allows");
  }

  private static List<String> problems(Resolver resolver, String spec) {
    return resolver.resolve(Yaml.modelServer(spec)) instanceof Resolution.Rejected rejected
        ? rejected.problems()
        : List.of();
  }

  private static Resolver allowing(String host) {
    return new Resolver(
        new Resolver.Settings(
            "image",
            new ModelHosts(List.of(host)),
            Duration.ofSeconds(5),
            Optional.empty(),
            List.of(),
            ModelDefaults.NONE));
  }

  @Test
  void allowsOnlyTheHostsItIsConfiguredFor() {
    Resolver resolver = allowing("models.example.com");

    assertThat(resolver.resolve(Yaml.modelServer("model: {uri: 'https://models.example.com/a'}")))
        .isInstanceOf(Resolution.Accepted.class);
    assertThat(
            resolver.resolve(Yaml.modelServer("model: {uri: 'https://elsewhere.example.com/a'}")))
        .isInstanceOfSatisfying(
            Resolution.Rejected.class,
            rejected ->
                assertThat(rejected.problems())
                    .singleElement()
                    .asString()
                    .contains("elsewhere.example.com")
                    .contains("models.example.com"));
  }

  @Test
  void aShorterListOfHostsTakesNoRecordedRevisionAway() {
    Resolver resolver = allowing("models.example.com");
    ModelServer primary = Yaml.modelServer("model: {uri: 'https://elsewhere.example.com/a'}");
    String hash =
        Yaml.resolved("model: {uri: 'https://elsewhere.example.com/a'}").workload().hash();

    primary.setStatus(recorded("iris-0123456789"));
    assertThat(resolver.resolve(primary)).isInstanceOf(Resolution.Rejected.class);
    primary.setStatus(recorded("iris-" + hash));
    assertThat(resolver.resolve(primary)).isInstanceOf(Resolution.Accepted.class);
  }

  @Test
  void hashDependsOnTheUsersTemplateFieldsAlone() {
    String hash = Yaml.resolved(MINIMAL).workload().hash();

    assertThat(hash).matches("[0-9a-f]{10}");
    assertThat(Yaml.resolved(MINIMAL + "\nreplicas: 5").workload().hash()).isEqualTo(hash);
    assertThat(Yaml.resolved(MINIMAL + "\nservice: {port: 81}").workload().hash()).isEqualTo(hash);
    assertThat(Yaml.resolved(MINIMAL + "\nserver: {}").workload().hash()).isEqualTo(hash);
    assertThat(Yaml.resolved(MINIMAL + "\nrollout: {progressDeadline: 1h}").workload().hash())
        .as("it sets the startup probe of revisions to come")
        .isEqualTo(hash);
    assertThat(hashWithDefaultImage("another/image:2")).isEqualTo(hash);
    assertThat(
            Yaml.resolved(MINIMAL + "\nserver: {runtime: {intraOpThreads: 1}}").workload().hash())
        .isNotEqualTo(hash);
    assertThat(Yaml.resolved(annotated(Resolver.RESTART, "1")).workload().hash())
        .isNotEqualTo(hash);
    assertThat(Yaml.resolved(annotated(Resolver.RETRY, "1")).workload().hash()).isEqualTo(hash);
  }

  @Test
  void batchingIsTheServersToDecideWhereNothingIsSaid() {
    assertThat(Yaml.resolved(MINIMAL).workload().batching()).isEmpty();
    assertThat(Yaml.resolved(MINIMAL + "\nserver: {batching: {}}").workload().batching()).isEmpty();
    assertThat(Yaml.resolved(MINIMAL + "\nserver: {batching: {maxDelay: 250us}}").workload())
        .extracting(Workload::batching)
        .isEqualTo(
            Optional.of(
                new Workload.Batching(
                    Optional.empty(), Optional.of(Duration.ofNanos(250_000)), Optional.empty())));
  }

  @Test
  void variablesOfOpenTelemetryReachTheServer() {
    assertThat(
            Yaml.resolved(
                    MINIMAL
                        + "\nserver: {env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://c:4318'}]}")
                .workload()
                .env())
        .extracting(EnvironmentVariable::name)
        .containsExactly("OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  @Test
  void autoscalesOnCpuWhereNothingIsNamed() {
    Scaling scaling = Yaml.resolved(MINIMAL + "\nautoscaling: {maxReplicas: 4}").scaling();

    assertThat(scaling)
        .isInstanceOfSatisfying(
            Scaling.Autoscaled.class,
            a -> {
              assertThat(a.minReplicas()).isEqualTo(1);
              assertThat(a.metrics())
                  .singleElement()
                  .satisfies(
                      m ->
                          assertThat(m.getContainerResource().getTarget().getAverageUtilization())
                              .isEqualTo(80));
            });
  }

  private static String hashWithDefaultImage(String image) {
    Resolution resolution =
        new Resolver(
                new Resolver.Settings(
                    image,
                    ModelHosts.ANY,
                    Duration.ofSeconds(9),
                    Optional.empty(),
                    List.of(),
                    ModelDefaults.parse("{\"priorityClassName\": \"low\"}")))
            .resolve(Yaml.modelServer(MINIMAL));
    return ((Resolution.Accepted) resolution).server().workload().hash();
  }

  private static ModelServerStatus recorded(String name) {
    Map<String, Object> record = Map.of("name", name, "data", "", "facts", List.of());
    return new ObjectMapper()
        .convertValue(Map.of("revisions", List.of(record)), ModelServerStatus.class);
  }

  private static ModelServer annotated(String key, String value) {
    ModelServer server = Yaml.modelServer(MINIMAL);
    server.getMetadata().setAnnotations(Map.of(key, value));
    return server;
  }

  private static List<String> problems(String spec) {
    return switch (new Resolver(Yaml.SETTINGS).resolve(Yaml.modelServer(spec))) {
      case Resolution.Rejected rejected -> rejected.problems();
      case Resolution.Accepted accepted ->
          throw new AssertionError("accepted: " + accepted.server());
    };
  }
}
