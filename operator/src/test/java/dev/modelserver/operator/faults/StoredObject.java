package dev.modelserver.operator.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An object by its address, read and written as JSON: what a test does to it does not pass through
 * any model.
 *
 * @param kind for people
 * @param uri below the API server
 */
record StoredObject(KubernetesClient client, String kind, String uri) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where the kinds that the operator makes are found. */
  static final Map<String, String> KINDS =
      Map.of(
          "Ingress", "/apis/networking.k8s.io/v1/namespaces/%s/ingresses",
          "Deployment", "/apis/apps/v1/namespaces/%s/deployments",
          "ControllerRevision", "/apis/apps/v1/namespaces/%s/controllerrevisions",
          "Service", "/api/v1/namespaces/%s/services",
          "ConfigMap", "/api/v1/namespaces/%s/configmaps",
          "ServiceAccount", "/api/v1/namespaces/%s/serviceaccounts",
          "PodDisruptionBudget", "/apis/policy/v1/namespaces/%s/poddisruptionbudgets",
          "NetworkPolicy", "/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies",
          "HorizontalPodAutoscaler", "/apis/autoscaling/v2/namespaces/%s/horizontalpodautoscalers");

  /** What the operator made in a namespace. */
  static List<StoredObject> managed(KubernetesClient client, String namespace) {
    List<StoredObject> all = new ArrayList<>();
    for (Map.Entry<String, String> kind : KINDS.entrySet()) {
      String list = kind.getValue().formatted(namespace);
      tree(client.raw(
              list + "?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dmodelserver-operator"))
          .path("items")
          .forEach(
              item ->
                  all.add(
                      new StoredObject(
                          client, kind.getKey(), list + "/" + item.at("/metadata/name").asText())));
    }
    all.sort(Comparator.comparing(StoredObject::uri));
    return all;
  }

  Optional<JsonNode> read() {
    return Optional.ofNullable(client.raw(uri)).map(StoredObject::tree);
  }

  JsonNode require() {
    return read().orElseThrow(() -> new AssertionError(uri + " is not there"));
  }

  /** Replaces it as a person would, anew where somebody else was faster; the code of a refusal. */
  Optional<Integer> replace(UnaryOperator<JsonNode> change) {
    for (int attempt = 0; ; attempt++) {
      try {
        client.raw(uri + "?fieldManager=drifter", "PUT", change.apply(require()));
        return Optional.empty();
      } catch (KubernetesClientException e) {
        if (e.getCode() != 409 || attempt == 20) {
          return Optional.of(e.getCode());
        }
      }
    }
  }

  void delete() {
    client.raw(uri, "DELETE", null);
  }

  String name() {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(text, e);
    }
  }

  @Override
  public String toString() {
    return kind + " " + name();
  }
}
