package dev.modelserver.operator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a namespace, without what differs from run to run: uids, versions, times,
 * addresses, names of pods. What the operator owns in managedFields is part of it.
 *
 * @param objects by kind and name
 */
record EndState(Map<String, JsonNode> objects) {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          ModelServer.class,
          ControllerRevision.class,
          ConfigMap.class,
          ServiceAccount.class,
          Deployment.class,
          ReplicaSet.class,
          Pod.class,
          Service.class,
          PodDisruptionBudget.class,
          NetworkPolicy.class,
          HorizontalPodAutoscaler.class);
  private static final Set<String> OF_THE_CLUSTER = Set.of("kube-root-ca.crt", "default");
  private static final String POD_NAME = "iris-[a-z0-9]{6,10}-[a-z0-9]{5}(?![a-z0-9-])";
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[.\\d]*Z";
  private static final String OURS = "modelserver-operator";

  /** Reads a namespace. */
  static EndState of(KubernetesClient client, String namespace) {
    Map<String, JsonNode> objects = new TreeMap<>();
    Optional<String> uid =
        Optional.ofNullable(
                client
                    .resources(ModelServer.class)
                    .inNamespace(namespace)
                    .withName(Stage.NAME)
                    .get())
            .map(server -> server.getMetadata().getUid());
    for (Class<? extends HasMetadata> kind : KINDS) {
      for (HasMetadata object : client.resources(kind).inNamespace(namespace).list().getItems()) {
        if (!OF_THE_CLUSTER.contains(object.getMetadata().getName())) {
          String text =
              client
                  .getKubernetesSerialization()
                  .asJson(object)
                  .replace(namespace, "NAMESPACE")
                  .replace(uid.orElse("no uid"), "OWNER")
                  .replaceAll(POD_NAME, "POD")
                  .replaceAll(TIME, "TIME");
          put(
              objects,
              object,
              client.getKubernetesSerialization().unmarshal(text, ObjectNode.class));
        }
      }
    }
    return new EndState(objects);
  }

  private static void put(Map<String, JsonNode> objects, HasMetadata object, ObjectNode tree) {
    switch (object) {
      case Pod pod -> {
        // Pods of one revision differ in nothing but their names.
        ObjectNode brief = tree.objectNode();
        brief.set("labels", tree.path("metadata").path("labels"));
        brief.set("phase", tree.path("status").path("phase"));
        objects.merge(
            "Pods %s".formatted(brief),
            tree.numberNode(1),
            (a, b) -> tree.numberNode(a.asInt() + b.asInt()));
        return;
      }
      case ModelServer _ -> statusOfModelServer(tree);
      case Deployment _ ->
          keep(tree, Set.of("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"));
      case ReplicaSet _ -> keep(tree, Set.of("replicas", "readyReplicas", "availableReplicas"));
      case Service _ -> {
        tree.remove("status");
        if (tree.get("spec") instanceof ObjectNode spec) {
          spec.remove(List.of("clusterIP", "clusterIPs"));
        }
      }
      default -> tree.remove("status");
    }
    metadata(tree);
    objects.put(object.getKind() + " " + object.getMetadata().getName(), tree);
  }

  private static void statusOfModelServer(ObjectNode tree) {
    for (JsonNode condition : tree.path("status").path("conditions")) {
      ((ObjectNode) condition).remove("lastTransitionTime");
    }
    // Hashes of facts, which name pods and times; the records themselves are compared.
    for (JsonNode revision : tree.path("status").path("revisions")) {
      ((ObjectNode) revision).put("facts", revision.path("facts").size());
    }
  }

  private static void keep(ObjectNode tree, Set<String> statusFields) {
    if (tree.get("status") instanceof ObjectNode status) {
      status.retain(statusFields);
    }
  }

  private static void metadata(ObjectNode tree) {
    ObjectNode metadata = (ObjectNode) tree.get("metadata");
    metadata.remove(List.of("uid", "resourceVersion", "creationTimestamp", "generation"));
    for (JsonNode reference : metadata.path("ownerReferences")) {
      if (!reference.path("uid").asText().equals("OWNER")
          && !reference.path("kind").asText().equals("Deployment")) {
        ((ObjectNode) reference).put("uid", "STRANGER");
      } else {
        ((ObjectNode) reference).put("uid", "OWNER");
      }
    }
    // The API server orders them by time.
    Map<String, JsonNode> ours = new TreeMap<>();
    for (JsonNode entry : metadata.path("managedFields")) {
      if (entry.path("manager").asText().startsWith(OURS)) {
        ((ObjectNode) entry).remove("time");
        ours.put(entry.path("manager").asText() + "/" + entry.path("subresource").asText(), entry);
      }
    }
    metadata.remove("managedFields");
    ours.forEach((manager, entry) -> metadata.set("managed by " + manager, entry));
  }

  /** What differs from another, one line each; empty if they are equal. */
  List<String> differences(EndState other) {
    List<String> differences = new ArrayList<>();
    Set<String> keys = new TreeSet<>(objects.keySet());
    keys.addAll(other.objects.keySet());
    for (String key : keys) {
      compare(key, objects.get(key), other.objects.get(key), differences);
    }
    return differences;
  }

  private static void compare(
      String path,
      @Nullable JsonNode expected,
      @Nullable JsonNode actual,
      List<String> differences) {
    if (expected == null || actual == null) {
      differences.add(
          "%s: %s".formatted(path, expected == null ? "should not be there" : "missing"));
    } else if (expected.isObject() && actual.isObject()) {
      Set<String> names = new TreeSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(path + "." + name, expected.get(name), actual.get(name), differences);
      }
    } else if (!expected.equals(actual)) {
      differences.add("%s: expected %s, is %s".formatted(path, expected, actual));
    }
  }
}
