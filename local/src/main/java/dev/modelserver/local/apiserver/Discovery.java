package dev.modelserver.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the API server says of itself: its version, groups and resources. A group that is not listed
 * here answers 404, which is how the operator learns that an optional CRD is absent.
 */
final class Discovery {
  private static final Map<String, Map<String, String>> BUILT_IN =
      Map.of(
          "v1",
          Map.of(
              "configmaps", "ConfigMap",
              "events", "Event",
              "pods", "Pod",
              "services", "Service",
              "serviceaccounts", "ServiceAccount"),
          "apps/v1",
          Map.of("deployments", "Deployment", "controllerrevisions", "ControllerRevision"),
          "autoscaling/v2",
          Map.of("horizontalpodautoscalers", "HorizontalPodAutoscaler"),
          "networking.k8s.io/v1",
          Map.of("ingresses", "Ingress", "networkpolicies", "NetworkPolicy"),
          "policy/v1",
          Map.of("poddisruptionbudgets", "PodDisruptionBudget"),
          "coordination.k8s.io/v1",
          Map.of("leases", "Lease"),
          "apiextensions.k8s.io/v1",
          Map.of("customresourcedefinitions", "CustomResourceDefinition"));
  private static final Set<String> CLUSTER_SCOPED = Set.of("customresourcedefinitions");

  private final Map<String, Map<String, String>> kindsByGroupVersion = new TreeMap<>(BUILT_IN);

  /** Adds the resource of a custom resource definition, in each of its served versions. */
  void add(CustomResourceDefinition definition) {
    var spec = definition.getSpec();
    for (var version : spec.getVersions()) {
      var kinds = new LinkedHashMap<String, String>();
      kinds.put(spec.getNames().getPlural(), spec.getNames().getKind());
      kindsByGroupVersion.put(spec.getGroup() + "/" + version.getName(), kinds);
    }
  }

  /** The answer to a discovery request, null when nothing is known under that path. */
  @Nullable JsonNode answer(String path) {
    return switch (path) {
      case "/version" ->
          object("Info").put("major", "1").put("minor", "36").put("gitVersion", "v1.36.0");
      case "/api" -> versions();
      case "/apis" -> groups();
      case "/api/v1" -> resources("v1");
      default -> {
        var groupVersion = path.startsWith("/apis/") ? path.substring("/apis/".length()) : "";
        yield groupVersion.contains("/") ? resources(groupVersion) : group(groupVersion);
      }
    };
  }

  /** Whether the path asks for discovery rather than for a resource. */
  static boolean matches(String path) {
    return path.matches("/version|/api|/apis|/api/v1|/apis/[^/]+|/apis/[^/]+/[^/]+");
  }

  private static ObjectNode object(String kind) {
    return JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", "v1");
  }

  private static ObjectNode versions() {
    var answer = object("APIVersions");
    answer.putArray("versions").add("v1");
    return answer;
  }

  private ObjectNode groups() {
    var answer = object("APIGroupList");
    var groups = answer.putArray("groups");
    for (var groupVersion : kindsByGroupVersion.keySet()) {
      if (groupVersion.contains("/")) {
        groups.add(group(groupVersion.substring(0, groupVersion.indexOf('/'))));
      }
    }
    return answer;
  }

  private @Nullable ObjectNode group(String group) {
    for (var groupVersion : kindsByGroupVersion.keySet()) {
      if (groupVersion.startsWith(group + "/")) {
        var answer = object("APIGroup").put("name", group);
        var version = groupVersion.substring(group.length() + 1);
        answer
            .putArray("versions")
            .addObject()
            .put("groupVersion", groupVersion)
            .put("version", version);
        answer
            .putObject("preferredVersion")
            .put("groupVersion", groupVersion)
            .put("version", version);
        return answer;
      }
    }
    return null;
  }

  private @Nullable ObjectNode resources(String groupVersion) {
    var kinds = kindsByGroupVersion.get(groupVersion);
    if (kinds == null) {
      return null;
    }
    var answer = object("APIResourceList").put("groupVersion", groupVersion);
    var resources = answer.putArray("resources");
    kinds.forEach(
        (plural, kind) ->
            resources
                .addObject()
                .put("name", plural)
                .put("kind", kind)
                .put("namespaced", !CLUSTER_SCOPED.contains(plural)));
    return answer;
  }
}
