package dev.modelserver.e2e.model;

import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.Connections;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.load.Reachable;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model that computes as long as a request says: it multiplies two square matrices, whose side is
 * its one input. One run at a time, and a short queue before it.
 */
public final class SlowModel {
  private static final String FILE = "inference-server/src/test/models/kernel.onnx";
  private static final String CONFIG_MAP = "slow";

  /** 16 billion operations, some tenths of a second of a core. */
  private static final String REQUEST =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[2000]}]}";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private SlowModel() {}

  /** Puts it where its spec looks for it. */
  public static void put(TestNamespace namespace) {
    namespace.putModel(CONFIG_MAP, Repository.bytes(FILE));
  }

  /** A spec that serves it with one pod, which refuses with 503 what does not fit its queue. */
  public static Map<String, Object> spec(int queue) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("model", Map.of("configMap", Map.of("name", CONFIG_MAP, "key", "model.onnx")));
    spec.put("server", Map.of("batching", Map.of("maxQueueSize", queue)));
    spec.put(
        "resources",
        Map.of(
            "requests", Map.of("cpu", "50m", "memory", "192Mi"),
            "limits", Map.of("cpu", "1", "memory", "512Mi")));
    return spec;
  }

  /** Slow requests at a fixed rate. */
  public static OpenLoopLoad load(ModelServerClient server, int perSecond) {
    URI infer = server.predict().resolve("/v2/models/%s/infer".formatted(server.name()));
    Reachable.await(infer);
    return OpenLoopLoad.start(
        new OpenLoopLoad.Plan(
            infer, REQUEST, perSecond, TIMEOUT, List.of(Connections.NEW), _ -> Optional.empty()));
  }
}
