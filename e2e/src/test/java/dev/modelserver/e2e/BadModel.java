package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.ModelHost;
import dev.modelserver.e2e.model.OnnxFile;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One way in which a new revision cannot work.
 *
 * @param name for people
 * @param reasons what status may call it
 * @param isFinal whether trying again cannot help, so that it is rolled back at once
 * @param spoil makes the bad spec; may first change the namespace
 */
record BadModel(String name, Set<String> reasons, boolean isFinal, Spoiling spoil) {
  /** Changes a good spec into the bad one. */
  @FunctionalInterface
  interface Spoiling {
    void spoil(Place place, Map<String, Object> spec);
  }

  /** Where the row is played. */
  record Place(TestNamespace namespace, ModelHost host) {}

  private static final String QUOTA = "no-room";

  /** The table. */
  static List<BadModel> all() {
    return List.of(
        bad(
            "wrong sha256",
            true,
            (place, spec) -> model(spec).put("sha256", "0".repeat(64)),
            "ChecksumMismatch"),
        bad(
            "garbage file",
            true,
            (place, spec) -> fetch(spec, serve(place, "garbage", garbage())),
            "InvalidModel"),
        bad(
            "unsupported opset",
            true,
            (place, spec) -> fetch(spec, serve(place, "opset", OnnxFile.identity(9999))),
            "UnsupportedOpset"),
        bad(
            "external data outside its folder",
            true,
            (place, spec) ->
                fetch(
                    spec,
                    serve(place, "outside", OnnxFile.withExternalData("../../../etc/passwd"))),
            "ExternalDataOutside"),
        bad(
            "over maxSize",
            true,
            (place, spec) -> {
              fetch(
                  spec, serve(place, "large", Repository.bytes("samples/models/digits-mlp.onnx")));
              model(spec).put("maxSize", "64Ki");
            },
            "ModelTooLarge"),
        bad(
            "404",
            false,
            (place, spec) -> fetch(spec, place.host().uri("/nothing-here.onnx")),
            "ModelNotFound"),
        bad(
            "403",
            false,
            (place, spec) -> fetch(spec, fail(place, "forbidden", 403)),
            "DownloadForbidden"),
        bad(
            "500",
            false,
            (place, spec) -> fetch(spec, fail(place, "error", 500)),
            "DownloadFailed"),
        bad(
            "unreachable host",
            false,
            (place, spec) -> fetch(spec, "http://models.invalid/iris.onnx"),
            "DownloadFailed",
            "DownloadTimeout"),
        bad(
            "host that never answers",
            false,
            (place, spec) -> fetch(spec, hang(place)),
            "DownloadTimeout"),
        bad(
            "missing ConfigMap",
            false,
            (place, spec) -> model(spec).put("uri", "configmap://no-such-map/model.onnx"),
            "ConfigMapNotFound"),
        bad(
            "missing PVC",
            false,
            (place, spec) -> model(spec).put("uri", "pvc://no-such-claim/model.onnx"),
            "VolumeNotFound"),
        bad(
            "image that cannot be pulled",
            false,
            (place, spec) ->
                spec.put("server", Map.of("image", "localhost/modelserver-no-such-image:dev")),
            "ImagePullFailed"),
        bad(
            "quota refusal",
            false,
            (place, spec) -> {
              createQuota(place.namespace());
              spec.put("server", Map.of("logLevel", "DEBUG"));
            },
            "QuotaExceeded"),
        bad(
            "unschedulable",
            false,
            (place, spec) ->
                spec.put("pod", Map.of("nodeSelector", Map.of("example.com/no-such", "node"))),
            "Unschedulable"));
  }

  @Override
  public String toString() {
    return name;
  }

  private static BadModel bad(String name, boolean isFinal, Spoiling spoil, String... reasons) {
    return new BadModel(name, Set.of(reasons), isFinal, spoil);
  }

  @SuppressWarnings("unchecked") // made by IrisModel.spec
  private static Map<String, Object> model(Map<String, Object> spec) {
    return (Map<String, Object>) Objects.requireNonNull(spec.get("model"));
  }

  /** Fetches the model from there, whatever its digest. */
  static void fetch(Map<String, Object> spec, String uri) {
    Map<String, Object> model = model(spec);
    model.remove("sha256");
    model.put("uri", uri);
  }

  private static String serve(Place place, String file, byte[] content) {
    String path = "/" + file + ".onnx";
    place.host().serve(path, content);
    return place.host().uri(path);
  }

  private static String fail(Place place, String file, int status) {
    String path = "/" + file + ".onnx";
    place.host().fail(path, status);
    return place.host().uri(path);
  }

  private static String hang(Place place) {
    place.host().hang("/hang.onnx");
    return place.host().uri("/hang.onnx");
  }

  /** Bytes that no one could take for a model. */
  static byte[] garbage() {
    return "This is no model. ".repeat(200).getBytes(StandardCharsets.UTF_8);
  }

  /** No second pod: the one that serves may stay, the new one is refused. */
  private static void createQuota(TestNamespace namespace) {
    namespace
        .cluster()
        .client()
        .resourceQuotas()
        .inNamespace(namespace.name())
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName(QUOTA)
                .endMetadata()
                .withNewSpec()
                .withHard(new LinkedHashMap<>(Map.of("pods", new Quantity("1"))))
                .endSpec()
                .build())
        .create();
  }

  /** A good spec, as {@link #spoil} takes it. */
  static Map<String, Object> goodSpec() {
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    spec.put("rollout", Map.of("progressDeadline", "20s"));
    return spec;
  }
}
