package dev.modelserver.operator.faults;

import dev.modelserver.operator.faults.LivingOperator.Space;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Policies of a cluster that change objects of one ModelServer while they are written. */
enum MutatingPolicy {
  LABEL(
      "[deployments, controllerrevisions, services, configmaps, serviceaccounts, poddisruptionbudgets, horizontalpodautoscalers]",
      """
      patchType: ApplyConfiguration
      applyConfiguration:
        expression: 'Object{metadata: Object.metadata{labels: {"app.kubernetes.io/part-of": "platform"}}}'
      """,
      Probe.DEPLOYMENTS,
      Probe.DEPLOYMENT,
      "\"platform\""),
  TEMPLATE_LABEL(
      "[deployments]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: >-
          [JSONPatch{op: "add", path: "/spec/template/metadata/labels/app.kubernetes.io~1part-of", value: "platform"},
           JSONPatch{op: "add", path: "/spec/template/metadata/labels/injected", value: "yes"}]
      """,
      Probe.DEPLOYMENTS,
      Probe.DEPLOYMENT,
      "\"platform\""),
  RESOURCES(
      "[deployments]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: >-
          [JSONPatch{op: "add", path: "/spec/template/spec/containers/0/resources", value: {"requests": {"cpu": "777m", "memory": "777Mi"}, "limits": {"cpu": "777m", "memory": "777Mi"}}}]
      """,
      Probe.DEPLOYMENTS,
      Probe.DEPLOYMENT,
      "777Mi"),
  IMAGE(
      "[deployments]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: >-
          [JSONPatch{op: "replace", path: "/spec/template/spec/containers/0/image", value: object.spec.template.spec.containers[0].image.replace("registry.test/", "mirror.test/")},
           JSONPatch{op: "replace", path: "/spec/template/spec/initContainers/0/image", value: object.spec.template.spec.initContainers[0].image.replace("registry.test/", "mirror.test/")}]
      """,
      Probe.DEPLOYMENTS,
      Probe.DEPLOYMENT,
      "mirror.test/b"),
  ZERO_PODS(
      "[deployments]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: '[JSONPatch{op: "add", path: "/spec/replicas", value: 0}]'
      """,
      Probe.DEPLOYMENTS,
      Probe.DEPLOYMENT,
      "\"replicas\":0"),
  PODS(
      "[pods]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: >-
          object.spec.containers[0].image.startsWith("registry.test/") ? [JSONPatch{op: "replace", path: "/spec/containers/0/image", value: "mirror.test/server:1.0.0"}] : []
      """,
      "/api/v1/namespaces/%s/pods",
      "'apiVersion':'v1','kind':'Pod','spec':{'automountServiceAccountToken':false,'containers':[{'name':'b','image':'registry.test/b'}]}",
      "mirror.test"),
  MOVED_PORT(
      "[services]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: '[JSONPatch{op: "replace", path: "/spec/ports/0/port", value: 8181}]'
      """,
      "/api/v1/namespaces/%s/services",
      "'apiVersion':'v1','kind':'Service','spec':{'ports':[{'port':80}]}",
      "8181"),
  CONFIGURATION(
      "[configmaps]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: >-
          "config.json" in object.data ? [JSONPatch{op: "replace", path: "/data/config.json", value: "changed"}] : []
      """,
      "/api/v1/namespaces/%s/configmaps",
      "'apiVersion':'v1','kind':'ConfigMap','data':{'config.json':'x'}",
      "changed"),
  RECORD(
      "[controllerrevisions]",
      """
      patchType: JSONPatch
      jsonPatch:
        expression: '[JSONPatch{op: "add", path: "/data/config", value: {"config.json": "changed"}}]'
      """,
      "/apis/apps/v1/namespaces/%s/controllerrevisions",
      "'apiVersion':'apps/v1','kind':'ControllerRevision','revision':1,'data':{'template':'x'}",
      "changed");

  private static final String YAML =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicy
      metadata: {name: POLICY}
      spec:
        failurePolicy: Fail
        reinvocationPolicy: Never
        matchConstraints:
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
          objectSelector: {matchLabels: {modelserver.dev/name: NAME}}
          resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: RESOURCES}]
        mutations:
        -
      MUTATION
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicyBinding
      metadata: {name: POLICY}
      spec: {policyName: POLICY}
      """;

  private final String resources;
  private final String mutation;
  private final String list;
  private final String probe;
  private final String marker;

  /** A Deployment that nobody makes, by which one sees that a policy is in force. */
  private static final class Probe {
    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/%s/deployments";
    static final String DEPLOYMENT =
        "'apiVersion':'apps/v1','kind':'Deployment','spec':{'replicas':1,'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b','app.kubernetes.io/part-of':'x'}},'spec':{'initContainers':[{'name':'a','image':'registry.test/a'}],'containers':[{'name':'b','image':'registry.test/b'}]}}}";
  }

  MutatingPolicy(String resources, String mutation, String list, String probe, String marker) {
    this.resources = resources;
    this.mutation = mutation;
    this.list = list;
    this.probe = probe;
    this.marker = marker;
  }

  /** Puts it in force for the objects of one ModelServer. */
  void enforce(LivingOperator stage, Space space, String name) {
    manifests(space, name).forEach(stage::apply);
    await(stage, space, name, answer -> answer.contains(marker));
  }

  /** Takes it away. */
  void revoke(LivingOperator stage, Space space, String name) {
    manifests(space, name).reversed().forEach(stage::delete);
    await(stage, space, name, answer -> !answer.contains(marker));
  }

  private void await(LivingOperator stage, Space space, String name, Predicate<String> expected) {
    String uri = list.formatted(space.namespace()) + "?dryRun=All";
    String body =
        "{'metadata':{'name':'probe','labels':{'modelserver.dev/name':'%s'}},%s}"
            .formatted(name, probe)
            .replace('\'', '"');
    Await.until(
        "policy %s of %s changes POST %s, or no longer".formatted(this, name, uri),
        LivingOperator.SOON,
        () -> {
          String answer = stage.send("POST", uri, body).body();
          return answer.contains("\"probe\"") && expected.test(answer);
        });
  }

  private List<Manifest> manifests(Space space, String name) {
    return Manifest.of(
        YAML.replace(
                "POLICY",
                "%s-%s".formatted(name, name().toLowerCase(Locale.ROOT).replace('_', '-')))
            .replace("NAMESPACE", space.namespace())
            .replace("NAME", name)
            .replace("RESOURCES", resources)
            .replace("MUTATION", mutation.indent(4)));
  }
}
