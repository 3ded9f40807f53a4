package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModel.End.AT_DEADLINE;
import static dev.modelserver.e2e.BadModel.End.AT_ONCE;
import static dev.modelserver.e2e.BadModel.always;
import static dev.modelserver.e2e.BadModel.fetch;
import static dev.modelserver.e2e.BadModel.model;
import static dev.modelserver.e2e.BadModel.onDemand;

import dev.modelserver.e2e.BadModel.Place;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.OnnxFile;
import dev.modelserver.e2e.model.SelfSignedHost;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Models that are bad, and places that do not give one. */
final class BadSources {
  private BadSources() {}

  static List<BadModel> all() {
    return List.of(
        always(
            "wrong sha256",
            AT_ONCE,
            (place, spec) -> model(spec).put("sha256", "0".repeat(64)),
            "ChecksumMismatch"),
        always(
            "garbage file",
            AT_ONCE,
            (place, spec) -> fetch(spec, serve(place, "garbage", garbage())),
            "InvalidModel"),
        onDemand(
            "truncated file",
            AT_ONCE,
            (place, spec) -> {
              byte[] whole = IrisModel.V1_0.bytes();
              fetch(spec, serve(place, "half", Arrays.copyOf(whole, whole.length / 2)));
            },
            "InvalidModel"),
        always(
            "unsupported opset",
            AT_ONCE,
            (place, spec) -> fetch(spec, serve(place, "opset", OnnxFile.identity(9999))),
            "UnsupportedOpset"),
        always(
            "unknown operator",
            AT_ONCE,
            (place, spec) ->
                fetch(spec, serve(place, "operator", OnnxFile.ofOperator("Frobnicate"))),
            "UnsupportedOperator"),
        always(
            "external data outside its folder",
            AT_ONCE,
            (place, spec) ->
                fetch(
                    spec,
                    serve(place, "outside", OnnxFile.withExternalData("../../../etc/passwd"))),
            "ExternalDataOutside"),
        always(
            "over maxSize",
            AT_ONCE,
            (place, spec) -> {
              fetch(
                  spec, serve(place, "large", Repository.bytes("samples/models/digits-mlp.onnx")));
              model(spec).put("maxSize", "64Ki");
            },
            "ModelTooLarge"),
        always(
            "404",
            AT_DEADLINE,
            (place, spec) -> fetch(spec, place.host().uri("/nothing-here.onnx")),
            "ModelNotFound"),
        always(
            "403",
            AT_DEADLINE,
            (place, spec) -> fetch(spec, fail(place, "forbidden", 403)),
            "DownloadForbidden"),
        always(
            "500",
            AT_DEADLINE,
            (place, spec) -> fetch(spec, fail(place, "error", 500)),
            "DownloadFailed"),
        onDemand(
            "unreachable host",
            AT_DEADLINE,
            (place, spec) -> fetch(spec, "http://models.invalid/iris.onnx"),
            "DownloadFailed",
            "DownloadTimeout"),
        always(
            "host that never answers",
            AT_DEADLINE,
            (place, spec) -> fetch(spec, hang(place)),
            "DownloadTimeout"),
        always(
            "certificate that nobody known signed",
            AT_DEADLINE,
            (place, spec) ->
                fetch(spec, SelfSignedHost.on(place.host().address()).uri("/iris.onnx")),
            "DownloadTlsFailed"),
        onDemand(
            "loopback address",
            AT_DEADLINE,
            (place, spec) -> fetch(spec, "http://127.0.0.1:8081/ready"),
            "DownloadRefused"),
        onDemand(
            "file that is not in the image",
            AT_DEADLINE,
            (place, spec) -> fetch(spec, "file:///models/none.onnx"),
            "ModelNotFound"),
        always(
            "missing ConfigMap",
            AT_DEADLINE,
            (place, spec) -> model(spec).put("configMap", key("no-such-map", "model.onnx")),
            "ConfigMapNotFound"),
        onDemand(
            "missing key of a ConfigMap",
            AT_DEADLINE,
            (place, spec) ->
                model(spec).put("configMap", key(IrisModel.V1_0.configMap(), "no-such-key")),
            "ModelNotFound"),
        onDemand(
            "missing PVC",
            AT_DEADLINE,
            (place, spec) -> {
              model(spec).remove("configMap");
              model(spec)
                  .put(
                      "persistentVolumeClaim",
                      Map.of("claimName", "no-such-claim", "path", "model.onnx"));
            },
            "VolumeNotFound"));
  }

  private static Map<String, Object> key(String configMap, String key) {
    return Map.of("name", configMap, "key", key);
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
}
