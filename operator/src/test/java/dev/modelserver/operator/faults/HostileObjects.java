package dev.modelserver.operator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Objects that a tenant may create to harm the operator: ModelServers made from the schema, with
 * values inside and beyond it, and strangers with the operator's labels.
 */
final class HostileObjects {
  static final String LABEL = "hostile.example/object";
  private static final Path CRD = Path.of("../crds/modelservers.modelserver.dev-v1.yml");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NUMBERS =
      List.of(
          "0", "1", "-1", "7", "3000000000", "9223372036854775807", "-2147483649", "0.5", "1e300");
  private static final List<String> STRINGS =
      List.of(
          "",
          "a",
          "25%",
          "30s",
          "1Gi",
          "999999999999999999999%",
          "-1",
          "\u202e\u0007\u2028",
          "x y",
          "../../model.onnx",
          "https://example.com/m.onnx",
          "0123456789".repeat(30));

  private final Random random;
  private final JsonNode spec;

  /**
   * An object to be created.
   *
   * @param path of its list at the API server
   * @param body JSON
   */
  record Hostile(String path, String body) {}

  HostileObjects(long seed) {
    random = new Random(seed);
    try {
      spec =
          new ObjectMapper(new YAMLFactory())
              .readTree(CRD.toFile())
              .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The next one.
   *
   * @param neighbour a ModelServer that some of them claim to belong to
   */
  Hostile next(int number, String namespace, String neighbour) {
    return random.nextInt(4) > 0
        ? modelServer(number, namespace)
        : stranger(number, namespace, neighbour);
  }

  private Hostile modelServer(int number, String namespace) {
    ObjectNode body = JSON.createObjectNode().put("apiVersion", "modelserver.dev/v1alpha1");
    body.put("kind", "ModelServer");
    metadata(body, "hostile-" + number);
    ObjectNode fields = body.putObject("spec");
    fields
        .putObject("model")
        .putObject("configMap")
        .put("name", "hostile")
        .put("key", "model.onnx");
    List<Map.Entry<String, JsonNode>> all = new ArrayList<>(spec.path("properties").properties());
    String text = null;
    for (int i = random.nextInt(3); i >= 0; i--) {
      Map.Entry<String, JsonNode> field = all.get(random.nextInt(all.size()));
      String value = value(field.getValue(), 0);
      if (field.getKey().equals("model")) {
        continue;
      }
      // As text: values that no tree of ours holds, such as a number of a thousand digits.
      text = (text == null ? "" : text + ",") + quoted(field.getKey()) + ":" + value;
    }
    String json = body.toString();
    return new Hostile(
        "/apis/modelserver.dev/v1alpha1/namespaces/%s/modelservers".formatted(namespace),
        text == null ? json : json.substring(0, json.length() - 2) + "," + text + "}}");
  }

  private Hostile stranger(int number, String namespace, String neighbour) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode labels = metadata(body, "hostile-" + number).putObject("labels");
    labels.put(LABEL, "true").put("app.kubernetes.io/managed-by", "modelserver-operator");
    if (random.nextBoolean()) {
      labels.put("modelserver.dev/name", neighbour).put("modelserver.dev/revision", "0123456789");
    }
    String open = body.toString();
    open = open.substring(0, open.length() - 1) + ",";
    String core = "/api/v1/namespaces/%s/".formatted(namespace);
    return switch (random.nextInt(3)) {
      case 0 ->
          new Hostile(
              "/apis/apps/v1/namespaces/%s/controllerrevisions".formatted(namespace),
              open + "\"revision\":" + (1 + random.nextInt(9)) + ",\"data\":" + record() + "}");
      case 1 -> new Hostile(core + "configmaps", open + "\"data\":" + strings() + "}");
      default ->
          new Hostile(core + "serviceaccounts", open + "\"imagePullSecrets\":[{\"name\":\"a\"}]}");
    };
  }

  private static ObjectNode metadata(ObjectNode body, String name) {
    ObjectNode metadata = body.putObject("metadata").put("name", name);
    metadata.putObject("labels").put(LABEL, "true");
    return metadata;
  }

  /** The data of a record: sometimes of the form that the operator writes. */
  private String record() {
    if (random.nextInt(3) == 0) {
      // What looks like an object of Kubernetes, and is none.
      return one(
          List.of(
              "[1]",
              "{\"apiVersion\":\"x/v1\",\"kind\":\"Y\",\"metadata\":5}",
              "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}",
              "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[1]}",
              "{\"template\":{\"spec\":{\"containers\":[null],\"volumes\":null}},\"config\":{}}",
              "{\"template\":{\"a\":" + "9".repeat(400) + "},\"config\":{}}"));
    }
    return random.nextBoolean()
        ? "{\"template\":" + any(0) + ",\"config\":" + any(0) + "}"
        : any(0);
  }

  private String strings() {
    return random.nextBoolean()
        ? "{\"config.json\":%s}".formatted(quoted("x".repeat(random.nextInt(200_000))))
        : "{\"" + "k".repeat(1 + random.nextInt(253)) + "\":\"\"}";
  }

  private String value(JsonNode schema, int depth) {
    if (random.nextInt(12) == 0 || depth > 6) {
      return any(0);
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return random.nextBoolean() ? one(NUMBERS) : quoted(one(STRINGS));
    }
    if (schema.has("enum")) {
      return schema.path("enum").path(random.nextInt(schema.path("enum").size())).toString();
    }
    return switch (schema.path("type").asText()) {
      case "object" -> object(schema, depth);
      case "array" -> {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(schema.path("items"), depth + 1));
        }
        yield "[" + String.join(",", elements) + "]";
      }
      case "integer" -> random.nextInt(3) == 0 ? one(NUMBERS) : "" + (1 + random.nextInt(9));
      case "number" -> one(NUMBERS);
      case "boolean" -> random.nextBoolean() ? "true" : "false";
      default -> quoted(one(STRINGS));
    };
  }

  private String object(JsonNode schema, int depth) {
    List<String> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      if (random.nextInt(3) == 0) {
        fields.add(quoted(field.getKey()) + ":" + value(field.getValue(), depth + 1));
      }
    }
    if (schema.has("additionalProperties")) {
      fields.add(quoted("key") + ":" + value(schema.path("additionalProperties"), depth + 1));
    }
    return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
        ? any(0)
        : "{" + String.join(",", fields) + "}";
  }

  /** JSON of any kind: most of it harmless, some of it as deep, long or large as it may be. */
  private String any(int depth) {
    return switch (random.nextInt(depth > 4 ? 4 : 11)) {
      case 0 -> one(NUMBERS);
      case 1 -> quoted(one(STRINGS));
      case 2 -> random.nextBoolean() ? "true" : "null";
      case 3 -> "{}";
      case 4, 5 -> "{\"a\":" + any(depth + 1) + ",\"b\":[" + any(depth + 1) + "]}";
      case 6 -> nested(1001, "{\"a\":", "}");
      case 7 -> nested(100 + random.nextInt(5000), "[", "]");
      case 8 -> "{\"" + "k".repeat(50_001) + "\":1}";
      case 9 -> "{\"a\":" + "7".repeat(1 + random.nextInt(3000)) + "}";
      default -> "{\"a\":\"" + "x".repeat(random.nextInt(300_000)) + "\"}";
    };
  }

  private static String nested(int levels, String open, String close) {
    String inner = open.repeat(levels) + "1" + close.repeat(levels);
    return open.equals("[") ? "{\"a\":" + inner + "}" : inner;
  }

  private String one(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }
}
