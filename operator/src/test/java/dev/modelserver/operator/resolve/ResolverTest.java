package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RollbackPolicy;
import dev.modelserver.operator.api.v1alpha1.SignaturePolicy;
import dev.modelserver.operator.names.Annotations;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {
  private static final String MINIMAL = "model: {configMap: {name: iris-model, key: model.onnx}}";

  @Test
  void fillsInEveryDefault() {
    ResolvedModelServer server = Yaml.resolved(MINIMAL);

    assertThat(server.scaling()).isEqualTo(new Scaling.Fixed(1));
    assertThat(server.rollout().progressDeadline()).isEqualTo(Duration.ofMinutes(5));
    assertThat(server.rollout().rollbackPolicy()).isEqualTo(RollbackPolicy.AUTOMATIC);
    assertThat(server.rollout().signaturePolicy()).isEqualTo(SignaturePolicy.COMPATIBLE);
    assertThat(server.disruption().enabled()).isTrue();
    assertThat(server.rollout().maxUnavailable().getIntVal()).isZero();
    assertThat(server.workload().image()).isEqualTo("registry.test/server:1.0.0");
    assertThat(server.workload().model().name()).isEqualTo("iris");
    assertThat(server.workload().model().source())
        .isEqualTo(new ModelSource.MapKey("iris-model", "model.onnx"));
    assertThat(server.workload().resources().getLimits().get("memory")).hasToString("512Mi");
    assertThat(server.service().port()).isEqualTo(80);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://host/model.onnx | unknown scheme",
        "configmap://iris/a | use spec.model.configMap {name, key}",
        "pvc://claim/x.onnx | use spec.model.persistentVolumeClaim {claimName, path}",
        "file://host/model.onnx | file:///PATH",
        "file:///a/../model.onnx | without . or .. segments",
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
        "https://user:secret@host/model.onnx | no user or password",
        "https://user:sec/secret@host/model.onnx | https://HOST/PATH",
        "ftp://host/model.onnx?sig=secret | unknown scheme",
        "https://host/mo del.onnx?sig=secret | is not a URI",
        "configmap://a/b?sig=secret | spec.model.configMap",
        "https://elsewhere.test/m.onnx?sig=secret | not among the hosts",
      })
  void tellsNoSecretOfAUri(String uri, String remedy) {
    assertThat(problems(allowing("models.example.com"), "model: {uri: '%s'}".formatted(uri)))
        .singleElement()
        .asString()
        .contains("spec.model.uri \"", remedy)
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | spec.model has 0 sources: set exactly one of uri, configMap and persistentVolumeClaim",
        "{uri: 'https://h/m', configMap: {name: a, key: b}} | spec.model has 2 sources",
        "{configMap: {name: a}} | spec.model.configMap.key is missing",
        "{configMap: {name: A, key: b}} | spec.model.configMap.name \"A\"",
        "{configMap: {name: a, key: ..data}} | spec.model.configMap.key \"..data\"",
        "{configMap: {name: a, key: b/c}} | spec.model.configMap.key \"b/c\"",
        "{persistentVolumeClaim: {path: b}} | spec.model.persistentVolumeClaim.claimName is missing",
        "{persistentVolumeClaim: {claimName: a}} | spec.model.persistentVolumeClaim.path is missing",
        "{persistentVolumeClaim: {claimName: a, path: /b}} | spec.model.persistentVolumeClaim.path \"/b\"",
        "{persistentVolumeClaim: {claimName: a, path: b/../c}} | spec.model.persistentVolumeClaim.path \"b/../c\"",
        "{persistentVolumeClaim: {claimName: a, path: b//c}} | spec.model.persistentVolumeClaim.path \"b//c\"",
      })
  void refusesASourceThatCannotBeMounted(String model, String words) {
    assertThat(problems("model: " + model)).singleElement().asString().startsWith(words);
  }

  @Test
  void takesALongUriWhole() {
    String uri = "https://models.example.com/m.onnx?sig=" + "a".repeat(8000);

    assertThat(Yaml.resolved("model: {uri: '%s'}".formatted(uri)).workload().model().source())
        .isEqualTo(
            new ModelSource.Uri(
                new ModelUri.Download(uri, new Origin("models.example.com", 443, false))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server: {requestTimeout: 0s} | spec.server.requestTimeout",
        "server: {requestTimeout: 31m} | spec.server.requestTimeout",
        "server: {requestTimeout: soon} | spec.server.requestTimeout",
        "server: {requestTimeout: 500us} | spec.server.requestTimeout",
        "server: {requestTimeout: 100000ms} | spec.server.requestTimeout",
        "server: {requestTimeout: 1s1s1s1s1s} | spec.server.requestTimeout",
        "server: {env: [{name: MODELSERVER_CONFIG, value: x}]} | MODELSERVER_CONFIG",
        "server: {env: [{name: ORT_LOAD_CONFIG_FROM_MODEL, value: '1'}]} | ORT_LOAD_CONFIG_FROM_MODEL",
        "rollout: {progressDeadlineSeconds: 10, minReadySeconds: 10} | spec.rollout.progressDeadlineSeconds 10 must be more than",
        "rollout: {progressDeadlineSeconds: 86401} | spec.rollout.progressDeadlineSeconds 86401 must be at most 86400",
        "service: {port: 9000} | spec.service.port",
        "service: {port: 81, grpc: {port: 81}} | spec.service.port 81",
        "service: {loadBalancerClass: a.b/c} | spec.service.loadBalancerClass \"a.b/c\" needs type LoadBalancer",
        "service: {type: NodePort, loadBalancerSourceRanges: [10.0.0.0/8]} | spec.service.loadBalancerSourceRanges \"[10.0.0.0/8]\" needs type LoadBalancer",
        "service: {externalTrafficPolicy: Local} | spec.service.externalTrafficPolicy \"Local\" needs type NodePort",
        "service: {labels: {modelserver.dev/name: other}} | spec.service.labels \"modelserver.dev/name\"",
        "server: {env: [{name: A}]} | spec.server.env \"A\": set exactly one of value and valueFrom",
        "server: {env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]} | spec.server.env \"A\": set exactly one of value and valueFrom",
        "server: {env: [{name: A, valueFrom: {}}]} | spec.server.env \"A\": set exactly one of secretKeyRef",
        "server: {env: [{name: LD_PRELOAD, valueFrom: {secretKeyRef: {name: s, key: k}}}]} | spec.server.env \"LD_PRELOAD\" is reserved",
        "server: {envFrom: [{prefix: A_}]} | spec.server.envFrom prefix \"A_\": set exactly one of configMapRef and secretRef",
        "server: {envFrom: [{prefix: A_, configMapRef: {name: a}, secretRef: {name: a}}]} | spec.server.envFrom prefix \"A_\": set exactly one",
        "pod: {serviceAccountName: mine, serviceAccountAnnotations: {a: b}} | spec.pod.serviceAccountName \"mine\" is an account of yours, so that spec.pod.serviceAccountAnnotations",
        "pod: {serviceAccountName: iris-server} | spec.pod.serviceAccountName \"iris-server\"",
        "pod: {securityContext: {runAsUser: 0}} | spec.pod.securityContext.runAsUser 0 is root: choose",
        "pod: {securityContext: {seLinuxOptions: {type: spc_t}}} | spec.pod.securityContext.seLinuxOptions.type \"spc_t\"",
        "pod: {dnsPolicy: None} | spec.pod.dnsPolicy \"None\" needs at least one spec.pod.dnsConfig.nameservers",
        "monitoring: {serviceMonitor: {scrapeTimeout: 16s}} | spec.monitoring.serviceMonitor.scrapeTimeout \"16s\" is longer than the interval 15s",
        "monitoring: {serviceMonitor: {interval: 25h}} | spec.monitoring.serviceMonitor.interval \"25h\" must be between",
        "monitoring: {serviceMonitor: {interval: 0s}} | spec.monitoring.serviceMonitor.interval \"0s\" must be between",
        "monitoring: {alerts: {notReady: {for: 25h}}} | spec.monitoring.alerts.notReady.for \"25h\" must be at most 24h",
        "monitoring: {alerts: {errorRate: {for: soon}}} | spec.monitoring.alerts.errorRate.for \"soon\" is not a duration",
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

  @ParameterizedTest
  @CsvSource({"500ms, 500", "30s, 30000", "5m, 300000", "1m30s, 90000", "0h1m30s500ms, 90500"})
  void durationsAreThoseOfTheGatewayApi(String text, long millis) {
    assertThat(Yaml.resolved(MINIMAL + "\nserver: {requestTimeout: " + text + "}").workload())
        .extracting(Workload::requestTimeout)
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "M, true", "MODELSERVER_, true", "MODELSERVER_X, true", "LD_, true", "L, true", "JAVA, true",
    "JDK_, true", "_, true", "_JAVA_OPTIONS, true", "POD_, true", "P, true", "MYAPP_, false",
    "m, false", "PODS_, false", "MODELS_, false", "JAVASCRIPT_, false", "POD_NAME_, false"
  })
  void refusesAPrefixThatAKeyMayCompleteToAReservedName(String prefix, boolean refused) {
    String spec =
        MINIMAL + "\nserver: {envFrom: [{prefix: %s, secretRef: {name: s}}]}".formatted(prefix);

    if (refused) {
      assertThat(problems(spec))
          .singleElement()
          .asString()
          .contains("spec.server.envFrom prefix \"%s\"".formatted(prefix), "choose another");
    } else {
      assertThat(Yaml.resolved(spec).workload().envFrom())
          .singleElement()
          .satisfies(source -> assertThat(source.getPrefix()).isEqualTo(prefix));
    }
  }

  @Test
  void theServiceMayLeaveItsPort9000ToHttp() {
    assertThat(Yaml.resolved(MINIMAL + "\nservice: {port: 9000, grpc: {enabled: false}}").service())
        .satisfies(
            service -> {
              assertThat(service.port()).isEqualTo(9000);
              assertThat(service.grpcPort()).isEmpty();
            });
    assertThat(Yaml.resolved(MINIMAL + "\nservice: {port: 9000, grpc: {port: 80}}").service())
        .satisfies(service -> assertThat(service.grpcPort()).contains(80));
  }

  @ParameterizedTest
  @CsvSource({
    "15s, 15s",
    "1m30s, 1m30s",
    "500ms, 500ms",
    "30s1m, 1m30s",
    "1s1s, 2s",
    "1h500ms, 1h500ms"
  })
  void writesAScrapeIntervalAsPrometheusReadsIt(String written, String rendered) {
    String monitor = "\nmonitoring: {serviceMonitor: {interval: %s}}".formatted(written);

    assertThat(Yaml.resolved(MINIMAL + monitor).monitor())
        .hasValueSatisfying(m -> assertThat(m.interval()).isEqualTo(rendered));
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThat(
            problems(
                "model: {uri: 'ftp://x/y'}\nrollout: {progressDeadlineSeconds: 1, minReadySeconds: 5}"))
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

  /** It answers for every host. */
  @Test
  void allowsOnlyAProxyThatItIsConfiguredFor() {
    String model = "model: {uri: 'https://models.example.com/a', proxy: {https: 'http://%s:3128'}}";

    assertThat(problems(allowing("models.example.com"), model.formatted("proxy.test")))
        .containsExactly(
            "spec.model.proxy.https \"http://proxy.test:3128\": host proxy.test is not among the hosts this operator allows (models.example.com)");
    assertThat(problems(allowing("models.example.com"), model.formatted("models.example.com")))
        .isEmpty();
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
    assertThat(
            Yaml.resolved(MINIMAL + "\nservice: {headless: Enabled, grpc: {enabled: false}}")
                .workload()
                .hash())
        .isEqualTo(hash);
    assertThat(Yaml.resolved(MINIMAL + "\npod: {runtimeClassName: gvisor}").workload().hash())
        .isNotEqualTo(hash);
    assertThat(Yaml.resolved(MINIMAL + "\nserver: {}").workload().hash()).isEqualTo(hash);
    assertThat(
            Yaml.resolved(MINIMAL + "\nrollout: {progressDeadlineSeconds: 3600}").workload().hash())
        .as("it sets the startup probe of revisions to come")
        .isEqualTo(hash);
    assertThat(hashWithDefaultImage("another/image:2")).isEqualTo(hash);
    assertThat(
            Yaml.resolved(MINIMAL + "\nserver: {runtime: {intraOpThreads: 1}}").workload().hash())
        .isNotEqualTo(hash);
    assertThat(Yaml.resolved(annotated(Annotations.RESTART, "1")).workload().hash())
        .isNotEqualTo(hash);
    assertThat(Yaml.resolved(annotated(Annotations.RETRY, "1")).workload().hash()).isEqualTo(hash);
  }

  @Test
  void batchingIsTheServersToDecideWhereNothingIsSaid() {
    assertThat(Yaml.resolved(MINIMAL).workload().batching()).isEmpty();
    assertThat(Yaml.resolved(MINIMAL + "\nserver: {batching: {}}").workload().batching()).isEmpty();
    assertThat(
            Yaml.resolved(MINIMAL + "\nserver: {batching: {maxDelayMicroseconds: 250}}").workload())
        .extracting(Workload::batching)
        .isEqualTo(
            Optional.of(
                new Workload.Batching(Optional.empty(), Optional.of(250), Optional.empty())));
  }

  @Test
  void variablesOfOpenTelemetryReachTheServer() {
    assertThat(
            Yaml.resolved(
                    MINIMAL
                        + "\nserver: {env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://c:4318'}]}")
                .workload()
                .env())
        .extracting(EnvVar::getName)
        .containsExactly("OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  @Test
  void aNetworkPolicyIsMadeOnlyWhereItIsAskedFor() {
    assertThat(Yaml.resolved(MINIMAL).network()).isEmpty();
    assertThat(Yaml.resolved(MINIMAL + "\nnetworkPolicy: {}").network())
        .contains(new ResolvedModelServer.Network(Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: []}               | spec.networkPolicy.from names no peer: give each a podSelector",
        "{to: []}                 | spec.networkPolicy.to names no peer: give each a podSelector",
        "{to: [{}, {podSelector: {}}]} | spec.networkPolicy.to names no peer in one of its elements",
        "{from: [{podSelector: 3}]} | spec.networkPolicy.from[0] is not a valid NetworkPolicyPeer",
      })
  void aPeerThatSaysNothingIsRefused(String policy, String problem) {
    assertThat(problems(MINIMAL + "\nnetworkPolicy: " + policy))
        .singleElement()
        .asString()
        .startsWith(problem);
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
