package dev.modelserver.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.operator.Yaml;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import org.junit.jupiter.api.Test;

/** What the caches keep of an object. */
class CachedFormTest {
  private static final String OURS =
      """
      metadata:
        name: iris-1
        namespace: prod
        uid: u
        resourceVersion: "5"
        finalizers: [foreign.example/one]
        labels: {modelserver.dev/name: iris, app.kubernetes.io/managed-by: modelserver-operator}
        annotations: {short: a, long: "%s"}
        managedFields:
        - {manager: kubectl, operation: Update}
        - {manager: modelserver-operator, operation: Apply}
        - {manager: modelserver-operator, operation: Apply, subresource: status}
      """
          .formatted("x".repeat(10_000));
  private static final String STRANGERS = OURS.replace("modelserver.dev/name: iris, ", "");

  @Test
  void keepsDigestsOfAConfigMap() {
    ConfigMap kept = CachedForm.of(Yaml.read(ConfigMap.class, OURS + "data: {config.json: abc}"));

    assertThat(kept.getData())
        .containsEntry(
            "config.json",
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(kept.getMetadata().getAnnotations().get("short")).isEqualTo("a");
    assertThat(kept.getMetadata().getAnnotations().get("long")).hasSize(71);
    assertThat(kept.getMetadata().getManagedFields()).hasSize(1);
    assertThat(kept.getMetadata().getResourceVersion()).isEqualTo("5");
  }

  @Test
  void keepsWhatControllersSayOfARouteUpToABound() {
    String parents =
        """
        spec: {hostnames: [a.example]}
        status:
          parents: [%s]
        """
            .formatted(
                "{controllerName: c, parentRef: {name: g}, conditions: [{type: Accepted, status: 'True', message: '%s', lastTransitionTime: '2026-11-22T10:00:00Z'}]},"
                    .formatted("x".repeat(10_000))
                    .repeat(100));

    HTTPRoute kept = CachedForm.of(Yaml.read(HTTPRoute.class, OURS + parents));
    HTTPRoute strangers = CachedForm.of(Yaml.read(HTTPRoute.class, STRANGERS + parents));

    assertThat(kept.getSpec().getHostnames()).containsExactly("a.example");
    assertThat(kept.getStatus().getParents()).hasSize(32);
    assertThat(kept.getStatus().getParents().getFirst().getConditions().getFirst().getMessage())
        .hasSize(1024);
    assertThat(strangers.getSpec()).isNull();
    assertThat(strangers.getStatus().getParents()).isEmpty();
  }

  @Test
  void keepsWhatControllersSayOfATlsPolicyUpToABound() {
    String ancestors =
        """
        spec: {validation: {hostname: a.example}}
        status:
          ancestors: [%s]
        """
            .formatted(
                "{controllerName: c, ancestorRef: {name: g}, conditions: [{type: Accepted, status: 'True', message: '%s', lastTransitionTime: '2026-11-22T10:00:00Z'}]},"
                    .formatted("x".repeat(10_000))
                    .repeat(100));

    BackendTLSPolicy kept = CachedForm.of(Yaml.read(BackendTLSPolicy.class, OURS + ancestors));
    BackendTLSPolicy strangers =
        CachedForm.of(Yaml.read(BackendTLSPolicy.class, STRANGERS + ancestors));

    assertThat(kept.getSpec().getValidation().getHostname()).isEqualTo("a.example");
    assertThat(kept.getStatus().getAncestors()).hasSize(32);
    assertThat(kept.getStatus().getAncestors().getFirst().getConditions().getFirst().getMessage())
        .hasSize(1024);
    assertThat(strangers.getSpec()).isNull();
    assertThat(strangers.getStatus().getAncestors()).isEmpty();
  }

  @Test
  void keepsAddressesOfAnIngressUpToABound() {
    String addresses =
        """
        spec: {rules: [{host: a.example}]}
        status: {loadBalancer: {ingress: [%s]}}
        """
            .formatted("{ip: 192.0.2.1, ports: [{port: 80, protocol: TCP}]},".repeat(100));

    Ingress kept = CachedForm.of(Yaml.read(Ingress.class, OURS + addresses));
    Ingress strangers = CachedForm.of(Yaml.read(Ingress.class, STRANGERS + addresses));

    assertThat(kept.getSpec().getRules()).hasSize(1);
    assertThat(kept.getStatus().getLoadBalancer().getIngress()).hasSize(16);
    assertThat(strangers.getSpec()).isNull();
    assertThat(strangers.getStatus()).isNull();
  }

  @Test
  void keepsOfAStrangerOnlyThatItIsThere() {
    ConfigMap kept =
        CachedForm.of(Yaml.read(ConfigMap.class, STRANGERS + "data: {config.json: abc}"));

    assertThat(kept.getData()).isEmpty();
    assertThat(kept.getMetadata().getName()).isEqualTo("iris-1");
    assertThat(kept.getMetadata().getResourceVersion()).isEqualTo("5");
    assertThat(kept.getMetadata().getLabels()).isEmpty();
    assertThat(kept.getMetadata().getAnnotations()).isEmpty();
  }

  @Test
  void keepsNoRulesOfAStrangersPolicy() {
    NetworkPolicy kept =
        CachedForm.of(
            Yaml.read(NetworkPolicy.class, STRANGERS + "spec: {podSelector: {}, ingress: []}"));

    assertThat(kept.getSpec()).isNull();
  }

  @Test
  void keepsNoDataOfARecordAndNoCommandOfAPod() {
    ControllerRevision record =
        CachedForm.of(Yaml.read(ControllerRevision.class, OURS + "revision: 3\ndata: {a: b}"));
    Pod pod =
        CachedForm.of(
            Yaml.read(
                Pod.class,
                OURS
                    + """
                    spec:
                      nodeName: n
                      containers:
                      - {name: server, image: i, command: [a], resources: {limits: {memory: 1Gi}}}
                      volumes: [{name: config, configMap: {name: c}}]
                    status: {phase: Running}
                    """));

    assertThat(record.getData()).isNull();
    assertThat(record.getRevision()).isEqualTo(3);
    assertThat(pod.getSpec().getContainers().getFirst().getCommand()).isEmpty();
    assertThat(pod.getSpec().getContainers().getFirst().getResources().getLimits())
        .containsKey("memory");
    assertThat(pod.getSpec().getVolumes()).hasSize(1);
    assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
  }

  @Test
  void keepsOfAWarningWhatItIsAboutAndWhatItSays() {
    Event kept =
        CachedForm.of(
            Yaml.read(
                Event.class,
                "metadata: {name: e, namespace: prod, annotations: {a: b}}\nreason: Failed\nmessage: words\nreportingComponent: kubelet\ninvolvedObject: {name: p, namespace: prod, uid: u, kind: Pod}"));

    assertThat(kept.getReason()).isEqualTo("Failed");
    assertThat(kept.getMessage()).isEqualTo("words");
    assertThat(kept.getInvolvedObject().getUid()).isEqualTo("u");
    assertThat(kept.getReportingComponent()).isNull();
    assertThat(kept.getMetadata().getAnnotations()).isEmpty();
  }

  /** An object that is as it is wanted has no drift, be it compared with a cache or not. */
  @Test
  void comparesWithACacheAsWithTheApiServer() {
    String text = OURS + "data: {config.json: abc}";
    HasMetadata cached = CachedForm.of(Yaml.read(ConfigMap.class, text));

    JsonNode stored = CachedForm.of(Json.tree(json(Yaml.read(ConfigMap.class, text))));
    JsonNode held = CachedForm.withoutLongAnnotations(Json.tree(json(cached)));

    assertThat(held.path("data")).isEqualTo(stored.path("data"));
    assertThat(held.at("/metadata/annotations")).isEqualTo(stored.at("/metadata/annotations"));
  }

  private static String json(HasMetadata object) {
    return new io.fabric8.kubernetes.client.utils.KubernetesSerialization().asJson(object);
  }
}
