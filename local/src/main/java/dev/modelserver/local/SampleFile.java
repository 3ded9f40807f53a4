package dev.modelserver.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.local.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The objects of a YAML file, in its order, made fit for a local run.
 *
 * @param objects ConfigMaps and ModelServers, each with a namespace
 * @param notes what was changed, one sentence each
 */
record SampleFile(List<ObjectNode> objects, List<String> notes) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_BYTES = 3 << 20;
  private static final Set<String> KINDS =
      Set.of("v1/ConfigMap", "modelserver.dev/v1alpha1/ModelServer");

  /**
   * Reads a file of at most 3 MiB.
   *
   * @throws RunFailure when it cannot be read, or holds what a local run does not have
   */
  static SampleFile read(Path file) throws RunFailure {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new RunFailure(file + " has more than 3 MiB: a local run reads smaller files only");
      }
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new RunFailure(file + " does not exist: give a file such as samples/01-iris.yaml");
    } catch (YamlEngineException e) {
      throw new RunFailure(file + " is not valid YAML: " + problem(e));
    } catch (IOException e) {
      throw new RunFailure(file + " cannot be read: it must be a text file in UTF-8");
    }
  }

  /** The ModelServers among the objects. */
  List<ObjectNode> modelServers() {
    return objects.stream().filter(object -> isModelServer(object)).toList();
  }

  private static SampleFile parse(String file, String text) throws RunFailure {
    var objects = new ArrayList<ObjectNode>();
    var notes = new ArrayList<String>();
    var number = 0;
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      number++;
      if (document == null) {
        continue;
      }
      if (!(JSON.valueToTree(document) instanceof ObjectNode object)
          || !object.at("/metadata/name").isTextual()) {
        throw new RunFailure(
            file + ": document " + number + " is not an object with a kind and metadata.name");
      }
      var kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
      if (!KINDS.contains(kind)) {
        throw new RunFailure(
            file
                + ": document "
                + number
                + " is a "
                + kind
                + ": a local run knows "
                + "ConfigMap and ModelServer (modelserver.dev/v1alpha1); use a cluster for the rest");
      }
      if (object.path("metadata") instanceof ObjectNode metadata && !metadata.has("namespace")) {
        metadata.put("namespace", "default");
      }
      if (isModelServer(object)) {
        fit(object, notes);
      }
      objects.add(object);
    }
    if (objects.stream().noneMatch(SampleFile::isModelServer)) {
      throw new RunFailure(file + " holds no ModelServer: there is nothing to run");
    }
    return new SampleFile(List.copyOf(objects), List.copyOf(notes));
  }

  private static void fit(ObjectNode modelServer, List<String> notes) throws RunFailure {
    var name = modelServer.at("/metadata/name").asText();
    var claim = modelServer.at("/spec/model/persistentVolumeClaim");
    if (!claim.isMissingNode()) {
      throw new RunFailure(
          "ModelServer "
              + name
              + " reads PersistentVolumeClaim "
              + claim.path("claimName").asText()
              + ": a local run has no volume claims; use a cluster, or spec.model.configMap or "
              + "spec.model.uri here");
    }
    leaveOut(modelServer.at("/spec/server"), name, notes);
    cap(modelServer.path("spec"), "replicas", name, "spec.replicas", notes);
    cap(
        modelServer.at("/spec/autoscaling"),
        "minReplicas",
        name,
        "spec.autoscaling.minReplicas",
        notes);
  }

  /** There are no Secrets here, and nobody else reaches the addresses of a local run. */
  private static void leaveOut(JsonNode server, String name, List<String> notes) {
    for (var field : List.of("tls", "authentication")) {
      if (server instanceof ObjectNode object && object.remove(field) != null) {
        notes.add(
            "%s: spec.server.%s is left out; a local run has no Secrets".formatted(name, field));
      }
    }
  }

  private static void cap(
      JsonNode owner, String field, String name, String path, List<String> notes) {
    if (owner instanceof ObjectNode object && object.path(field).asInt() > Node.MOST_PODS) {
      notes.add(
          "%s: %s is %d; a local run starts %d pods"
              .formatted(name, path, object.path(field).asInt(), Node.MOST_PODS));
      object.put(field, Node.MOST_PODS);
    }
  }

  private static boolean isModelServer(ObjectNode object) {
    return object.path("kind").asText().equals("ModelServer");
  }

  private static String problem(YamlEngineException failure) {
    if (failure instanceof MarkedYamlEngineException marked) {
      var line = marked.getProblemMark().map(mark -> " at line " + (mark.getLine() + 1)).orElse("");
      return marked.getProblem() + line;
    }
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
