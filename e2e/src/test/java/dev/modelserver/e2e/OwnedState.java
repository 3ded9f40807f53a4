package dev.modelserver.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * A ModelServer and all that it controls, without what differs between two equal states: identities
 * and versions of objects, times, and what counts changes (the ignore list of the operator tester
 * <a href="https://github.com/xlab-uiuc/acto">Acto</a>). The records of other revisions are
 * history, not state: there may be more of them.
 */
record OwnedState(Map<String, JsonNode> objects) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> HISTORY = Set.of("ControllerRevision", "ConfigMap");
  private static final List<String> IDENTITY =
      List.of(
          "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink");

  /** The state now, with the records of one revision. */
  static OwnedState of(TestNamespace namespace, ModelServerClient modelServer, String revision) {
    Map<String, JsonNode> objects = new TreeMap<>();
    objects.put("ModelServer", modelServer(modelServer.state().json()));
    NamespaceObjects.list(namespace)
        .filter(object -> controlledBy(object, modelServer.name()))
        .filter(object -> !HISTORY.contains(object.getKind()) || isOf(object, revision))
        .forEach(
            object ->
                objects.put(
                    object.getKind() + "/" + object.getMetadata().getName(), normalised(object)));
    return new OwnedState(objects);
  }

  private static boolean controlledBy(HasMetadata object, String modelServer) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            owner -> owner.getKind().equals("ModelServer") && owner.getName().equals(modelServer));
  }

  private static boolean isOf(HasMetadata object, String revision) {
    return object.getMetadata().getName().contains(revision);
  }

  private static JsonNode normalised(HasMetadata object) {
    ObjectNode tree = JSON.valueToTree(object);
    ObjectNode metadata = (ObjectNode) tree.path("metadata");
    metadata.remove(IDENTITY);
    metadata.path("ownerReferences").forEach(owner -> ((ObjectNode) owner).remove("uid"));
    if (metadata.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(List.of("deployment.kubernetes.io/revision", "modelserver.dev/proven-at"));
    }
    // A revision that becomes the current one again moves to the end of the history.
    tree.remove("revision");
    JsonNode status = tree.remove("status");
    if (object.getKind().equals("Deployment") && status != null) {
      ObjectNode counts = tree.putObject("status");
      for (String count : List.of("replicas", "readyReplicas", "updatedReplicas")) {
        counts.set(count, status.path(count));
      }
    }
    return tree;
  }

  /** Spec, conditions without their times and generations, and what is served. */
  private static JsonNode modelServer(JsonNode object) {
    ObjectNode tree = JSON.createObjectNode();
    tree.set("spec", object.path("spec"));
    JsonNode status = object.path("status");
    ObjectNode conditions = tree.putObject("conditions");
    StreamSupport.stream(status.path("conditions").spliterator(), false)
        .forEach(
            condition ->
                conditions.put(
                    condition.path("type").asText(),
                    condition.path("status").asText() + "/" + condition.path("reason").asText()));
    for (String field :
        List.of("model", "url", "selector", "replicas", "currentRevision", "lastGoodRevision")) {
      tree.set(field, status.path(field));
    }
    return tree;
  }
}
