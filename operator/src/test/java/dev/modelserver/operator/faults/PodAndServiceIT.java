package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a spec says of variables, accounts, users and Services, on an API server. */
class PodAndServiceIT {
  private static final Space HERE = Space.OPTIONS;
  private static final Path GOLDEN = Path.of("src/test/resources/golden/every-field/in.yaml");
  private static final String MODEL =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: v%d}\n";

  private static final LivingOperator STAGE = LivingOperator.get();

  @AfterAll
  static void leaveNothing() {
    STAGE.client().resources(ModelServer.class).inNamespace(HERE.namespace()).delete();
  }

  @Test
  void everyFieldIsTakenAsItIsWritten() throws IOException {
    KubernetesClient client = STAGE.client();
    account("models");
    client
        .resource(
            new PriorityClassBuilder()
                .withNewMetadata()
                .withName("high")
                .endMetadata()
                .withValue(1)
                .build())
        .serverSideApply();
    client
        .resource(
            new RuntimeClassBuilder()
                .withNewMetadata()
                .withName("gvisor")
                .endMetadata()
                .withHandler("runsc")
                .build())
        .serverSideApply();
    STAGE.apply(
        Manifest.of(
                Files.readString(GOLDEN)
                    .replaceAll("(?m)^  uid: .*\n", "")
                    .replace("namespace: models", "namespace: " + HERE.namespace())
                    .replace("paused: true", "paused: false"))
            .getFirst());

    STAGE.awaitReady(HERE, "health-risk");
    PodSpec pod =
        client
            .pods()
            .inNamespace(HERE.namespace())
            .withLabel("modelserver.dev/name", "health-risk")
            .list()
            .getItems()
            .getFirst()
            .getSpec();
    assertThat(pod.getServiceAccountName()).isEqualTo("models");
    assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(2000);
    assertThat(pod.getContainers().getFirst().getEnvFrom()).hasSize(2);
    assertThat(service("health-risk").getSpec().getTrafficDistribution()).isEqualTo("PreferClose");
    assertThat(service("health-risk-headless").getSpec().getClusterIP()).isEqualTo("None");
    assertThat(
            client
                .serviceAccounts()
                .inNamespace(HERE.namespace())
                .withName("health-risk-server")
                .get())
        .isNull();
    STAGE.modelServer(HERE, "health-risk").delete();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server: {env: [{name: A}]} | set exactly one of value and valueFrom",
        "server: {env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]} | set exactly one of value and valueFrom",
        "server: {env: [{name: A, valueFrom: {}}]} | set exactly one of secretKeyRef",
        "server: {env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.containers}}}]} | spec.server.env[0].valueFrom.fieldRef.fieldPath",
        "server: {env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1000m}}}]} | spec.server.env[0].valueFrom.resourceFieldRef.divisor",
        "server: {envFrom: [{prefix: JAVA, secretRef: {name: s}}]} | a key after this prefix could give a reserved name",
        "server: {envFrom: [{secretRef: {name: s}}]} | spec.server.envFrom[0].prefix",
        "server: {envFrom: [{prefix: A_}]} | set exactly one of configMapRef and secretRef",
        "pod: {serviceAccountName: mine, serviceAccountAnnotations: {a: b}} | remove serviceAccountAnnotations",
        "pod: {securityContext: {runAsUser: 0}} | spec.pod.securityContext.runAsUser",
        "pod: {securityContext: {supplementalGroups: [-1]}} | spec.pod.securityContext.supplementalGroups[0]",
        "pod: {securityContext: {seLinuxOptions: {type: spc_t}}} | spec.pod.securityContext.seLinuxOptions.type",
        "pod: {dnsPolicy: None} | dnsPolicy None needs at least one of dnsConfig.nameservers",
        "pod: {imagePullSecrets: [{name: a}, {name: a}]} | Duplicate value",
        "pod: {hostAliases: [{ip: 10.0.0.1, hostnames: [A_B]}]} | spec.pod.hostAliases[0].hostnames[0]",
        "service: {port: 9000} | port and grpc.port must differ",
        "service: {grpc: {port: 80}} | port and grpc.port must differ",
        "service: {loadBalancerClass: a.b/c} | loadBalancerClass needs type LoadBalancer",
        "service: {loadBalancerSourceRanges: [10.0.0.0/8]} | loadBalancerSourceRanges needs type LoadBalancer",
        "service: {externalTrafficPolicy: Local} | externalTrafficPolicy needs type NodePort or LoadBalancer",
        "monitoring: {serviceMonitor: {scrapeTimeout: 16s}} | scrapeTimeout must not be longer than interval",
        "monitoring: {serviceMonitor: {interval: 1d}} | spec.monitoring.serviceMonitor.interval",
        "monitoring: {objective: {}} | objective must have availability, latency or both",
        "monitoring: {objective: {availability: 100}} | spec.monitoring.objective.availability",
        "monitoring: {objective: {latency: {percent: 99, threshold: 300ms}}} | spec.monitoring.objective.latency.threshold",
        "monitoring: {alerts: {latency: {percent: 99}}} | alerts.latency needs a threshold",
        "monitoring: {alerts: {nearMaxReplicas: {}}} | monitoring.alerts.nearMaxReplicas needs autoscaling",
        "monitoring: {alerts: {memoryNearLimit: {percent: 101}}} | spec.monitoring.alerts.memoryNearLimit.percent",
        "monitoring: {alerts: {notReady: {for: 1d}}} | spec.monitoring.alerts.notReady.for",
        "monitoring: {serviceMonitor: {relabelings: [{action: keepp}]}} | spec.monitoring.serviceMonitor.relabelings[0].action",
      })
  void theSchemaRefuses(String spec, String words) {
    String manifest =
        """
        apiVersion: modelserver.dev/v1alpha1
        kind: ModelServer
        metadata: {name: refused, namespace: %s}
        spec:
          model: {configMap: {name: iris-model, key: model.onnx}}
          %s
        """
            .formatted(HERE.namespace(), spec);

    assertThat(
            Refused.by(
                () ->
                    STAGE
                        .client()
                        .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                        .create()))
        .contains(words);
  }

  @Test
  void servicesFollowTheSpecAndNoPodIsRestarted() {
    String name = "served";
    STAGE.create(
        HERE, name, MODEL.formatted(1) + "service: {headless: Enabled, labels: {team: clinic}}\n");
    STAGE.awaitReady(HERE, name);
    assertThat(ports(service(name))).containsExactly("http 80", "grpc 9000");
    Service headless = service(name + "-headless");
    assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(headless.getMetadata().getLabels()).containsEntry("team", "clinic");
    Long generation = deployment(name).getMetadata().getGeneration();

    STAGE.spec(
        HERE,
        name,
        MODEL.formatted(1) + "service: {headless: Enabled, port: 8000, grpc: {port: 80}}\n");
    awaitPorts(name, "http 8000", "grpc 80");
    awaitPorts(name + "-headless", "http 8000", "grpc 80");
    STAGE.client().services().inNamespace(HERE.namespace()).withName(name + "-headless").delete();
    Await.until("it is made anew", LivingOperator.SOON, () -> find(name + "-headless").isPresent());

    STAGE.spec(HERE, name, MODEL.formatted(1) + "service: {port: 80, grpc: {enabled: false}}\n");
    awaitPorts(name, "http 80");
    Await.until(
        "the headless one goes", LivingOperator.SOON, () -> find(name + "-headless").isEmpty());
    STAGE.awaitReady(HERE, name);
    assertThat(deployment(name).getMetadata().getGeneration()).isEqualTo(generation);
  }

  @Test
  void aHeadlessServiceOfSomebodyElseIsLeftAlone() {
    String name = "taken";
    STAGE
        .client()
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName(name + "-headless")
                .withNamespace(HERE.namespace())
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(1)
                .endPort()
                .endSpec()
                .build())
        .create();
    STAGE.create(HERE, name, MODEL.formatted(1) + "service: {headless: Enabled}\n");

    assertThat(STAGE.await(HERE, name, "Ready", "False", "NameConflict").message())
        .contains("Service taken-headless exists");
    STAGE.spec(HERE, name, MODEL.formatted(1));
    STAGE.awaitReady(HERE, name);
    assertThat(find(name + "-headless")).isPresent();
  }

  @Test
  void anotherClassOfTheLoadBalancerIsToldWithItsRemedy() {
    String name = "balanced";
    String service = "service: {type: LoadBalancer, loadBalancerClass: example.com/%s}\n";
    STAGE.create(HERE, name, MODEL.formatted(1) + service.formatted("one"));
    STAGE.awaitReady(HERE, name);

    STAGE.spec(HERE, name, MODEL.formatted(1) + service.formatted("two"));
    assertThat(STAGE.await(HERE, name, "Ready", "False", "Invalid").message())
        .contains("Service balanced could not be written", "may not change", "delete the Service");
    STAGE.client().services().inNamespace(HERE.namespace()).withName(name).delete();
    STAGE.awaitReady(HERE, name);
    assertThat(service(name).getSpec().getLoadBalancerClass()).isEqualTo("example.com/two");
  }

  @Test
  void aTrafficDistributionThatIsNotTakenIsLeftOutAndTold() {
    String name = "spread";
    List<Manifest> policy =
        Manifest.of(
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: as-an-older-api-server}
            spec:
              matchConstraints:
                resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [services]}]
              validations:
                - expression: "!has(object.spec.trafficDistribution) || object.spec.trafficDistribution != 'PreferSameNode'"
                  reason: Invalid
                  message: "spec.trafficDistribution: Unsupported value"
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: as-an-older-api-server}
            spec: {policyName: as-an-older-api-server, validationActions: [Deny], matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}}
            """
                .formatted(HERE.namespace()));
    policy.forEach(STAGE::apply);
    Await.until(
        "the policy is in force",
        LivingOperator.SOON,
        () ->
            STAGE
                .send(
                    "POST",
                    "/api/v1/namespaces/%s/services?dryRun=All".formatted(HERE.namespace()),
                    "{\"metadata\":{\"name\":\"probe\"},\"spec\":{\"trafficDistribution\":\"PreferSameNode\",\"ports\":[{\"port\":1}]}}")
                .body()
                .contains("Unsupported value"));
    try {
      STAGE.create(
          HERE, name, MODEL.formatted(1) + "service: {trafficDistribution: PreferSameNode}\n");

      STAGE.awaitReady(HERE, name);
      assertThat(STAGE.await(HERE, name, "Ready", "True", "Ready").message())
          .contains(
              "does not take spec.service.trafficDistribution PreferSameNode",
              "applied without it",
              "Unsupported value");
      assertThat(service(name).getSpec().getTrafficDistribution()).isNull();
      STAGE.spec(
          HERE, name, MODEL.formatted(1) + "service: {trafficDistribution: PreferSameZone}\n");
      Await.until(
          "nothing is told any more",
          LivingOperator.SOON,
          () ->
              STAGE
                  .condition(HERE, name, "Ready")
                  .filter(ready -> !ready.message().contains("trafficDistribution"))
                  .isPresent());
      assertThat(service(name).getSpec().getTrafficDistribution()).isEqualTo("PreferSameZone");
    } finally {
      policy.forEach(STAGE::delete);
    }
  }

  @Test
  void ourAccountStaysAsLongAsARevisionNamesIt() {
    String name = "account";
    account("mine");
    STAGE.create(
        HERE,
        name,
        MODEL.formatted(1)
            + "pod: {serviceAccountAnnotations: {example.com/role: reader}}\nrollout: {revisionHistoryLimit: 1}\n");
    STAGE.awaitReady(HERE, name);
    String other = "pod: {serviceAccountName: mine}\nrollout: {revisionHistoryLimit: 1}\n";

    STAGE.spec(HERE, name, MODEL.formatted(2) + other);
    STAGE.awaitReady(HERE, name);
    STAGE.awaitRest();
    assertThat(deployment(name).getSpec().getTemplate().getSpec().getServiceAccountName())
        .isEqualTo("mine");
    assertThat(Objects.requireNonNull(ours(name)).getMetadata().getAnnotations())
        .containsEntry("example.com/role", "reader");

    // Back by hand: its pods need the account, also where somebody deleted it.
    STAGE
        .client()
        .serviceAccounts()
        .inNamespace(HERE.namespace())
        .withName(name + "-server")
        .delete();
    STAGE.annotate(HERE, name, "modelserver.dev/rollback-to", "1");
    Await.until(
        "the first revision serves under our account",
        LivingOperator.SOON,
        () ->
            (name + "-server")
                    .equals(
                        deployment(name).getSpec().getTemplate().getSpec().getServiceAccountName())
                && ours(name) != null);
    STAGE.annotate(HERE, name, "modelserver.dev/rollback-to", null);
    STAGE.awaitReady(HERE, name);

    for (int version = 3; version <= 4; version++) {
      STAGE.spec(HERE, name, MODEL.formatted(version) + other);
      STAGE.awaitReady(HERE, name);
    }
    Await.until("no revision names it", LivingOperator.SOON, () -> ours(name) == null);
    STAGE.spec(HERE, name, MODEL.formatted(5));
    STAGE.awaitReady(HERE, name);
    assertThat(ours(name)).isNotNull();
  }

  private static void account(String name) {
    STAGE
        .client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(HERE.namespace())
                .endMetadata()
                .build())
        .serverSideApply();
  }

  private static @Nullable ServiceAccount ours(String name) {
    return STAGE
        .client()
        .serviceAccounts()
        .inNamespace(HERE.namespace())
        .withName(name + "-server")
        .get();
  }

  private static Deployment deployment(String name) {
    return STAGE
        .client()
        .apps()
        .deployments()
        .inNamespace(HERE.namespace())
        .withName(name)
        .require();
  }

  private static Service service(String name) {
    return find(name).orElseThrow();
  }

  private static Optional<Service> find(String name) {
    return Optional.ofNullable(
        STAGE.client().services().inNamespace(HERE.namespace()).withName(name).get());
  }

  private static void awaitPorts(String name, String... ports) {
    Await.until(
        name + " has the ports " + List.of(ports),
        LivingOperator.SOON,
        () -> find(name).filter(service -> ports(service).equals(List.of(ports))).isPresent());
  }

  private static List<String> ports(Service service) {
    return service.getSpec().getPorts().stream()
        .map((ServicePort port) -> port.getName() + " " + port.getPort())
        .toList();
  }
}
