package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.faults.LivingOperator.Space;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * An operator that has nothing to do writes nothing: also where an admission policy adds labels to
 * every object it makes, and others add annotations; also when every ModelServer is looked at
 * again.
 */
class QuietIT {
  private static final int SERVERS = Integer.getInteger("quiet.servers", 20);
  private static final Duration WINDOW = Duration.ofSeconds(20);
  private static final Space HERE = Space.QUIET;
  private static final String INJECTED = "injected.example/team";

  private final LivingOperator stage = LivingOperator.get();

  @Test
  void nothingIsWrittenAfterConvergence() {
    stage.client().load(stream(POLICY)).serverSideApply();
    awaitPolicy();
    List<String> names = IntStream.range(0, SERVERS).mapToObj(i -> "quiet-" + i).toList();
    names.forEach(name -> stage.create(HERE, name, spec(name)));
    names.forEach(name -> stage.awaitReady(HERE, name));
    stage.awaitRest();
    List<StoredObject> objects = StoredObject.managed(stage.client(), HERE.namespace());
    objects.forEach(
        object ->
            assertThat(object.require().at("/metadata/labels").has(INJECTED))
                .as(object + " has the label that the policy injects")
                .isTrue());
    objects.forEach(object -> assertThat(object.replace(QuietIT::withForeignAnnotation)).isEmpty());
    int start = stage.awaitRest();

    Map<String, String> before = versions(objects);
    // Each of these starts a pass; the annotation means nothing to the operator.
    for (int round = 0; round < 3; round++) {
      String value = "round-" + round;
      names.forEach(name -> stage.annotate(HERE, name, "foreign.example/looked-at", value));
    }
    Await.within(WINDOW, () -> !stage.writesFrom(start).isEmpty());

    System.out.printf(
        "%nAt rest for %d s with %d ModelServers, %d objects with injected labels and foreign annotations, %d more passes: %d writes, %d changed objects%n",
        WINDOW.toSeconds(),
        SERVERS,
        objects.size(),
        3 * SERVERS,
        stage.writesFrom(start).size(),
        before.entrySet().stream()
            .filter(
                entry ->
                    !entry.equals(Map.entry(entry.getKey(), versions(objects).get(entry.getKey()))))
            .count());
    assertThat(stage.writesFrom(start)).isEmpty();
    assertThat(versions(objects)).isEqualTo(before);

    stage.annotate(HERE, names.getFirst(), "modelserver.dev/restart", "now");
    Await.until(
        "a write is seen where there is one",
        LivingOperator.SOON,
        () -> !stage.writesFrom(start).isEmpty());
  }

  private static Map<String, String> versions(List<StoredObject> objects) {
    Map<String, String> versions = new TreeMap<>();
    objects.forEach(
        object ->
            // Deployments and budgets have statuses that their own controllers write.
            versions.put(
                object.uri(),
                object
                        .require()
                        .at("/metadata/managedFields")
                        .findValuesAsText("manager")
                        .contains("kube-controller-manager")
                    ? object.require().at("/metadata/generation").asText()
                    : object.require().at("/metadata/resourceVersion").asText()));
    return versions;
  }

  private void awaitPolicy() {
    StoredObject probe =
        new StoredObject(
            stage.client(),
            "ConfigMap",
            "/api/v1/namespaces/" + HERE.namespace() + "/configmaps/probe");
    stage
        .client()
        .raw(
            "/api/v1/namespaces/" + HERE.namespace() + "/configmaps",
            "POST",
            Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "probe")));
    Await.until(
        "the policy is in force",
        LivingOperator.SOON,
        () -> {
          probe.replace(QuietIT::withForeignAnnotation);
          return probe.require().at("/metadata/labels").has(INJECTED);
        });
    probe.delete();
  }

  private static JsonNode withForeignAnnotation(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    copy.withObject("/metadata/annotations")
        .put("foreign.example/at", Long.toString(System.nanoTime()));
    return copy;
  }

  private static InputStream stream(String yaml) {
    return new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static String spec(String name) {
    String scaling =
        name.endsWith("5")
            ? "autoscaling: {minReplicas: 1, maxReplicas: 3, behavior: {scaleUp: {policies: [{type: Pods, value: 2, periodSeconds: 15}]}}}"
            : "replicas: 1";
    return """
        model: {configMap: {name: %s-model, key: model.onnx}, version: v1}
        service: {sessionAffinity: ClientIP}
        pod: {nodeSelector: {disk: ssd}, labels: {team: clinic}}
        %s
        """
        .formatted(name, scaling);
  }

  private static final String POLICY =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicy
      metadata: {name: inject-team}
      spec:
        failurePolicy: Fail
        reinvocationPolicy: Never
        matchConstraints:
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: stage-quiet}}
          resourceRules:
          - {apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: ["deployments", "controllerrevisions", "services", "configmaps", "serviceaccounts", "poddisruptionbudgets", "networkpolicies", "horizontalpodautoscalers", "pods"]}
        mutations:
        - patchType: ApplyConfiguration
          applyConfiguration:
            expression: 'Object{metadata: Object.metadata{labels: {"injected.example/team": "platform"}}}'
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicyBinding
      metadata: {name: inject-team}
      spec: {policyName: inject-team}
      """;
}
