package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * The CRD as generated from the API types, with what the generator has no annotation for: rules
 * over several fields, list map keys, integer formats, and the schemas of Kubernetes' own types.
 */
final class GeneratedCrd {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());
  private static final String HEADER =
      "# Generated from the API types; `make crds` writes it anew.\n";

  /** With the annotations: no schema describes them elsewhere. */
  private static final String DESCRIPTION =
      """
      A model served on Kubernetes: a Deployment, a Service and what else a production service needs, from one short spec.

      Annotations that the operator obeys:

      modelserver.dev/restart: any text. A new value renders the same spec again, with the operator's defaults and default image of today, and rolls it out as a new revision.

      modelserver.dev/retry: any text. A new value tries a revision again that was rolled back.

      modelserver.dev/rollback-to: the number of a good revision (status.history), for example "3". That revision runs in place of the spec's until the annotation is removed or the spec changes.

      modelserver.dev/pause-reconciliation: "true". The operator writes nothing of this ModelServer but its status.
      """
          .strip();

  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_ANNOTATION = 16 << 10;
  private static final int LONGEST_QUANTITY = 64;

  private GeneratedCrd() {}

  static String yaml() throws IOException {
    Path directory = Files.createTempDirectory("crd");
    new CRDGenerator()
        .customResourceClasses(ModelServer.class)
        .forCRDVersions("v1")
        .inOutputDir(directory.toFile())
        .generate();
    try (var files = Files.list(directory)) {
      JsonNode crd = YAML.readTree(Files.readString(files.findFirst().orElseThrow()));
      return HEADER + YAML.writeValueAsString(complete((ObjectNode) crd));
    }
  }

  private static ObjectNode complete(ObjectNode crd) {
    ObjectNode schema = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
    schema.put("description", DESCRIPTION);
    ((ObjectNode) schema.at("/properties/spec"))
        .put("description", "What the user wants served, and how.");
    ((ObjectNode) schema.at("/properties/status"))
        .put("description", "What is true now, as the operator observed it.");
    // kstatus calls an object without a status Current: until the operator has seen it, it is not.
    ((ObjectNode) schema.at("/properties/status"))
        .putObject("default")
        .put("observedGeneration", -1);
    schema.withArray("required").add("spec");
    rule(
        schema,
        "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && size(self.metadata.name) <= 50",
        "metadata.name must be a DNS-1035 label (a-z, 0-9 and -, starting with a letter) of at most 50 characters");
    ObjectNode spec = (ObjectNode) schema.at("/properties/spec/properties");
    rule(
        at(spec, "model"),
        "[has(self.uri), has(self.configMap), has(self.persistentVolumeClaim)].filter(given, given).size() == 1",
        "spec.model must have exactly one source: uri, configMap or persistentVolumeClaim");
    rule(
        at(spec, "model.uri"),
        "!self.startsWith('configmap:')",
        "configmap:// is not supported: use spec.model.configMap {name, key}");
    rule(
        at(spec, "model.uri"),
        "!self.startsWith('pvc:')",
        "pvc:// is not supported: use spec.model.persistentVolumeClaim {claimName, path}");
    rule(
        at(spec, "model.uri"),
        "self.matches('^(https?://[^/@ ]+(/[^ ]*)?|file:///[^ ]+|(s3|oci|hf|configmap|pvc):.*)$')",
        "spec.model.uri must be https://HOST/PATH, http://HOST/PATH, s3://BUCKET/KEY, oci://HOST/REPOSITORY:TAG, hf://ORGANIZATION/REPOSITORY/PATH@REVISION or file:///PATH, without a user or password");
    rule(
        at(spec, "model.persistentVolumeClaim.path"),
        "self.split('/').all(part, !(part in ['', '.', '..']))",
        "spec.model.persistentVolumeClaim.path must be relative and without empty, . or .. segments, for example digits/model.onnx");
    rule(
        at(spec, "model.description.image.scale"),
        "self > 0.0",
        "scale must be above 0, for example 0.00392156862745098");
    for (String field : List.of("mean", "std")) {
      rule(
          at(spec, "model.description.image." + field),
          "size(self) != 2",
          field + " must have 1 number or 3");
    }
    rule(
        at(spec, "model.description.image.std"),
        "self.all(value, value > 0.0)",
        "the numbers of std must be above 0");
    rule(
        at(spec, "rollout"),
        "!(has(self.maxUnavailable) && has(self.maxSurge)) || !(string(self.maxUnavailable) in ['0', '0%'] && string(self.maxSurge) in ['0', '0%'])",
        "maxSurge and maxUnavailable must not both be 0: no rollout could begin");
    rule(
        at(spec, "rollout"),
        "!has(self.maxSurge) || has(self.maxUnavailable) || !(string(self.maxSurge) in ['0', '0%'])",
        "maxSurge 0 needs a maxUnavailable above 0: its default is 0 and no rollout could begin");
    rule(
        at(spec, "autoscaling"),
        "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
        "minReplicas must not be above maxReplicas");
    rule(
        at(spec, "server.env").path("items"),
        "!self.name.matches('^((MODELSERVER|ORT|QUARKUS|JAVA|LD)_.*|POD_NAME|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)$')",
        "the variable's name is reserved: it must not begin with MODELSERVER_, ORT_, QUARKUS_, JAVA_ or LD_, nor be POD_NAME, JDK_JAVA_OPTIONS or _JAVA_OPTIONS");
    listMap(at(spec, "server.env"), "name");
    listMap(at(spec, "verification.requests"), "name");
    quantity(at(spec, "model.maxSize"));
    quantity(at(spec, "resources.requests").path("additionalProperties"));
    quantity(at(spec, "resources.limits").path("additionalProperties"));
    passThrough(spec);
    for (String field : List.of("request", "expect")) {
      whole(
          (ObjectNode)
              at(spec, "verification.requests").path("items").path("properties").path(field));
    }
    conditions((ObjectNode) schema.at("/properties/status/properties/conditions"));
    for (String field :
        List.of("rollout.maxSurge", "rollout.maxUnavailable", "disruption.maxUnavailable")) {
      numberOrPercentage(at(spec, field));
    }
    for (String field :
        List.of("pod.labels", "pod.nodeSelector", "monitoring.serviceMonitor.labels")) {
      map(at(spec, field), LONGEST_LABEL);
    }
    for (String field :
        List.of("pod.annotations", "pod.serviceAccountAnnotations", "service.annotations")) {
      map(at(spec, field), LONGEST_ANNOTATION);
    }
    rule(
        at(spec, "pod.annotations"),
        "self.all(key, !key.matches('apparmor[.]security|seccomp|io[.]kubernetes[.]cri|kubernetes[.]cri-o|crio[.]io|io[.]containerd[.]|io[.]katacontainers[.]|cdi[.]k8s[.]io/'))",
        "annotations of AppArmor, seccomp and container runtimes are refused: they set how the pod is confined");
    map(at(spec, "resources.requests"), LONGEST_QUANTITY);
    map(at(spec, "resources.limits"), LONGEST_QUANTITY);
    for (String field : List.of("model.description.classes", "model.description.features")) {
      ((ObjectNode) at(spec, field).path("items")).put("maxLength", 256);
    }
    SourceRules.add(spec);
    PodAndServiceRules.add(spec);
    PodAndServiceRules.alerts((ObjectNode) schema.at("/properties/spec"));
    ExposureRules.add((ObjectNode) schema.at("/properties/spec"));
    AccessRules.add((ObjectNode) schema.at("/properties/spec"));
    for (String list : List.of("external", "grpc")) {
      ((ObjectNode)
              schema.at("/properties/status/properties/urls/properties/%s/items".formatted(list)))
          .put("maxLength", 1024);
    }
    integers(schema);
    orderColumns((ObjectNode) crd.at("/spec/versions/0"));
    return crd;
  }

  /** The generator sorts them by JSON path; a person reads them in this order. */
  private static void orderColumns(ObjectNode version) {
    List<String> order =
        List.of("Ready", "Replicas", "Version", "Digest", "Reason", "URL", "Age", "Message");
    List<JsonNode> columns =
        version
            .path("additionalPrinterColumns")
            .valueStream()
            .sorted(Comparator.comparing((JsonNode c) -> order.indexOf(c.path("name").asText())))
            .toList();
    version.putArray("additionalPrinterColumns").addAll(columns);
  }

  static ObjectNode at(ObjectNode properties, String path) {
    JsonNode node = properties;
    String[] names = path.split("\\.");
    for (int i = 0; i < names.length; i++) {
      node = i == 0 ? node.path(names[i]) : node.path("properties").path(names[i]);
    }
    return (ObjectNode) node;
  }

  static void rule(JsonNode node, String rule, String message) {
    ArrayNode rules = ((ObjectNode) node).withArray("x-kubernetes-validations");
    rules.addObject().put("message", message).put("rule", rule);
  }

  private static void numberOrPercentage(ObjectNode node) {
    node.put("maxLength", 4).put("minimum", 0).put("maximum", 1000);
    node.put("pattern", "^(100|[1-9]?[0-9])%$");
    rule(
        node,
        "type(self) == string ? self.matches('^(100|[1-9]?[0-9])%$') : self >= 0 && self <= 1000",
        "must be a number from 0 to 1000, or a percentage, for example 25%");
  }

  /** Bounds a map of strings. */
  static void map(ObjectNode node, int longestValue) {
    node.put("maxProperties", 64);
    ((ObjectNode) node.path("additionalProperties")).put("maxLength", longestValue);
    KubernetesSchemas.keys(node);
  }

  static void listMap(ObjectNode list, String... keys) {
    ArrayNode names =
        list.put("x-kubernetes-list-type", "map").putArray("x-kubernetes-list-map-keys");
    List.of(keys).forEach(names::add);
  }

  private static void quantity(JsonNode node) {
    KubernetesSchemas.quantity((ObjectNode) node);
  }

  /** Kubernetes' own types, which the records keep as JSON. */
  private static void passThrough(ObjectNode spec) {
    KubernetesSchemas.pass(at(spec, "autoscaling.behavior"), "HorizontalPodAutoscalerBehavior");
    KubernetesSchemas.pass(items(spec, "autoscaling.metrics"), "MetricSpec");
    KubernetesSchemas.pass(at(spec, "pod.affinity"), "Affinity");
    KubernetesSchemas.pass(items(spec, "pod.tolerations"), "Toleration");
    KubernetesSchemas.pass(
        items(spec, "pod.topologySpreadConstraints"), "TopologySpreadConstraint");
    for (String field : List.of("networkPolicy.from", "networkPolicy.to")) {
      ObjectNode peer = items(spec, field);
      KubernetesSchemas.pass(peer, "NetworkPolicyPeer");
      rule(
          peer,
          "has(self.ipBlock) != (has(self.podSelector) || has(self.namespaceSelector))",
          "a peer is either an ipBlock, or a podSelector, a namespaceSelector or both");
    }
    for (String field :
        List.of(
            "autoscaling.metrics", "pod.tolerations", "networkPolicy.from", "networkPolicy.to")) {
      at(spec, field).put("x-kubernetes-list-type", "atomic");
    }
    listMap(at(spec, "pod.topologySpreadConstraints"), "topologyKey", "whenUnsatisfiable");
  }

  private static ObjectNode items(ObjectNode spec, String field) {
    return (ObjectNode) at(spec, field).path("items");
  }

  /** As metav1.Condition has them. */
  private static void conditions(ObjectNode list) {
    listMap(list, "type");
    ObjectNode condition = (ObjectNode) list.at("/items/properties");
    condition.withObject("/lastTransitionTime").put("format", "date-time");
    condition.withObject("/status").putArray("enum").add("True").add("False").add("Unknown");
  }

  /** Free JSON: any object. */
  private static void whole(ObjectNode node) {
    node.remove(List.of("properties", "required", "items", "additionalProperties"));
    node.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
  }

  private static void integers(JsonNode node) {
    // A bare type stands in the anyOf of an integer or string, which takes nothing beside it.
    if (node instanceof ObjectNode object && object.has("type") && object.size() > 1) {
      String description = object.path("description").asText();
      boolean wide =
          description.startsWith("Generation") || description.startsWith("Number in the history");
      if (object.path("type").asText().equals("integer") && !object.has("format")) {
        object.put("format", wide ? "int64" : "int32");
      }
      for (String bound : List.of("minimum", "maximum")) {
        // The generator writes 1.0E12, which some readers of YAML take for text.
        if (object.path(bound).asDouble(0.5) % 1 == 0) {
          object.put(bound, object.path(bound).asLong());
        }
      }
    }
    node.forEach(GeneratedCrd::integers);
  }
}
