package dev.modelserver.e2e.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.load.Connections;
import dev.modelserver.e2e.load.HttpAnswer;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.load.Reachable;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The two versions of the iris model in {@code samples/models}, and one flower that they judge
 * differently.
 */
public enum IrisModel {
  V1_0("v1.0", "versicolor"),
  V1_1("v1.1", "virginica");

  /** The request about that flower. */
  public static final String PROBE = "{\"features\":[6.3,2.8,5.1,1.5]}";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String version;
  private final String probeClass;

  IrisModel(String version, String probeClass) {
    this.version = version;
    this.probeClass = probeClass;
  }

  /** The file. */
  public byte[] bytes() {
    return Repository.bytes("samples/models/iris-" + version + ".onnx");
  }

  /** The SHA-256 of the file in hex digits. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The header {@code X-Model-Digest} of its answers. */
  public String digest() {
    return "sha256:" + sha256();
  }

  /** Name of the ConfigMap that the tests put it into. */
  public String configMap() {
    return "iris-" + version.replace('.', '-');
  }

  /** A spec that serves it from its ConfigMap. */
  public Map<String, Object> spec(int replicas) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("replicas", replicas);
    spec.put(
        "model",
        new LinkedHashMap<>(
            Map.of(
                "configMap",
                Map.of("name", configMap(), "key", "model.onnx"),
                "sha256",
                sha256(),
                "version",
                version,
                "description",
                Map.of("classes", List.of("setosa", "versicolor", "virginica")))));
    spec.put(
        "resources",
        Map.of(
            "requests", Map.of("cpu", "50m", "memory", "192Mi"),
            "limits", Map.of("cpu", "1", "memory", "512Mi")));
    return spec;
  }

  /** A load of probes whose every answer must be the one of the model that its digest names. */
  public static OpenLoopLoad load(URI predict, int perSecond) {
    Reachable.await(predict);
    return OpenLoopLoad.start(plan(predict, perSecond));
  }

  /** The same by way of a proxy, which is asked for the host of the URI. */
  public static OpenLoopLoad load(URI predict, InetSocketAddress proxy, int perSecond) {
    return OpenLoopLoad.start(plan(predict, perSecond), proxy);
  }

  private static OpenLoopLoad.Plan plan(URI predict, int perSecond) {
    return new OpenLoopLoad.Plan(
        predict,
        PROBE,
        perSecond,
        OpenLoopLoad.TIMEOUT,
        List.of(Connections.KEEP_ALIVE, Connections.NEW),
        IrisModel::problem);
  }

  /**
   * What is wrong with an answer to the probe: another class than the model with the answer's
   * digest gives.
   */
  static Optional<String> problem(HttpAnswer answer) {
    String digest = answer.header("X-Model-Digest").orElse("none");
    Optional<IrisModel> model =
        Arrays.stream(values()).filter(each -> each.digest().equals(digest)).findFirst();
    if (model.isEmpty()) {
      return Optional.of("X-Model-Digest is " + digest + ", of no model under test");
    }
    String predicted = predictedClass(answer.body());
    return predicted.equals(model.get().probeClass)
        ? Optional.empty()
        : Optional.of(
            model.get()
                + " predicts "
                + model.get().probeClass
                + ", but the answer is "
                + answer.body());
  }

  private static String predictedClass(String body) {
    try {
      return JSON.readTree(body).path("class").asText();
    } catch (JsonProcessingException e) {
      return "no JSON";
    }
  }
}
