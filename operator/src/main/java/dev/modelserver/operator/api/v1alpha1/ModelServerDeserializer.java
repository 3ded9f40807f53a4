package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ModelServer whatever its spec holds: the API server admits values that the types have no
 * room for, and an exception in a watch would end it for the ModelServers of everybody. A spec that
 * cannot be read, or is too large or too deep to be kept, is left out, and {@link
 * ModelServer#unreadable} says why.
 */
final class ModelServerDeserializer extends JsonDeserializer<ModelServer> {
  /** Characters of the JSON of a spec. */
  static final int MOST_CHARACTERS = 128 << 10;

  /** Objects and lists in each other: a golden request may have 100 of its own. */
  static final int MOST_LEVELS = 110;

  private static final int LONGEST_VALUE = 60;

  /** A node and how many objects and lists it stands in. */
  private record Level(JsonNode node, int depth) {}

  @Override
  public ModelServer deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    ObjectCodec codec = parser.getCodec();
    JsonNode tree = codec.readTree(parser);
    ModelServer server = new ModelServer();
    if (tree.hasNonNull("metadata")) {
      ObjectMeta metadata = codec.treeToValue(tree.get("metadata"), ObjectMeta.class);
      // Nobody reads who wrote which field of a ModelServer, and they are as large as the object.
      metadata.setManagedFields(List.of());
      server.setMetadata(metadata);
    }
    JsonNode spec = tree.path("spec");
    String problem = problem(spec);
    if (problem == null && spec.isObject()) {
      try {
        server.setSpec(codec.treeToValue(spec, ModelServerSpec.class));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        problem = problem(spec, e);
      }
    }
    if (problem != null) {
      server.unreadable(problem);
    }
    server.setStatus(status(codec, tree.path("status")));
    return server;
  }

  /** What somebody else wrote there is written anew. */
  private static @Nullable ModelServerStatus status(ObjectCodec codec, JsonNode status) {
    try {
      return status.isObject() && depth(status) <= MOST_LEVELS
          ? codec.treeToValue(status, ModelServerStatus.class)
          : null;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String problem(JsonNode spec) {
    if (depth(spec) > MOST_LEVELS) {
      return "spec has objects and lists in more than %d levels: write it flatter"
          .formatted(MOST_LEVELS);
    }
    int characters = spec.toString().length();
    return characters <= MOST_CHARACTERS
        ? null
        : "spec has %d characters of JSON, at most %d are read: make it smaller, for example with fewer golden requests"
            .formatted(characters, MOST_CHARACTERS);
  }

  private static String problem(JsonNode spec, Exception e) {
    StringBuilder path = new StringBuilder("spec");
    JsonNode value = spec;
    if (e instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference step : mapping.getPath()) {
        if (step.getFieldName() == null) {
          path.append('[').append(step.getIndex()).append(']');
          value = value.path(step.getIndex());
        } else {
          path.append('.').append(step.getFieldName());
          value = value.path(step.getFieldName());
        }
      }
    }
    return "%s %scannot be read: see kubectl explain modelserver.%s for its type"
        .formatted(path, shown(value), path.toString().replaceAll("\\[[0-9]+]", ""));
  }

  private static String shown(JsonNode value) {
    if (value instanceof MissingNode) {
      return "";
    }
    String text = Urls.redactedIn(value.toString());
    return (text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text) + " ";
  }

  /** Counted without recursion: the API server admits thousands of levels. */
  private static int depth(JsonNode root) {
    int deepest = 0;
    Deque<Level> open = new ArrayDeque<>(List.of(new Level(root, 0)));
    while (!open.isEmpty()) {
      Level level = open.pop();
      if (level.node.isContainerNode()) {
        deepest = Math.max(deepest, level.depth + 1);
        level.node.forEach(child -> open.push(new Level(child, level.depth + 1)));
      }
    }
    return deepest;
  }
}
