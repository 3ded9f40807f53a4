package dev.modelserver.e2e;

import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.SlowModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Specs with a ServiceMonitor that scrapes every five seconds and alerts that fire soon, each
 * beyond some of them or on its way there.
 */
final class MonitoredSpec {
  private static final Map<String, Object> SOON = Map.of("for", "5s");

  private MonitoredSpec() {}

  /** A healthy pod, of whose memory limit five percent are said to be too much. */
  static Map<String, Object> steady() {
    return monitored(
        IrisModel.V1_0.spec(1), Map.of("memoryNearLimit", Map.of("percent", 5, "for", "5s")));
  }

  /** Pods that no node takes. */
  static Map<String, Object> unschedulable() {
    Map<String, Object> spec = schedulable();
    spec.put("pod", Map.of("nodeSelector", Map.of("example.com/no-such", "node")));
    return spec;
  }

  /** The same, corrected. */
  static Map<String, Object> schedulable() {
    return monitored(IrisModel.V1_0.spec(1), Map.of("notReady", SOON, "noPods", SOON));
  }

  /**
   * A model that is too slow for its objective, with a short queue. A scrape may see it less than
   * full, so its alert does not wait.
   */
  static Map<String, Object> slow() {
    return monitored(
        SlowModel.spec(2),
        Map.of("queueFull", Map.of("for", "0s"), "errorRate", SOON, "latency", SOON),
        Map.of("availability", 99.9, "latency", Map.of("percent", 99, "threshold", "100ms")));
  }

  /** An autoscaler that any traffic brings to its most. */
  static Map<String, Object> growing() {
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    spec.put("autoscaling", Map.of("minReplicas", 1, "maxReplicas", 2, "cpuUtilization", 10));
    return monitored(spec, Map.of("nearMaxReplicas", SOON));
  }

  /** TLS and tokens, with a certificate whose end is said to be near: it is valid for 90 days. */
  static Map<String, Object> secured() {
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    spec.put(
        "server",
        Map.of(
            "tls",
            Map.of("mode", "Permissive", "secretName", AccessSecrets.CERTIFICATE),
            "authentication",
            Map.of("mode", "Permissive", "tokens", Map.of("secretName", AccessSecrets.TOKENS))));
    return monitored(
        spec,
        Map.of("certificateExpires", Map.of("days", 100, "for", "5s"), "secretReloadFailed", SOON));
  }

  /** Traffic, an autoscaler and both objectives: what the dashboard of a model shows. */
  static Map<String, Object> complete(IrisModel model) {
    Map<String, Object> spec = model.spec(1);
    spec.put("autoscaling", Map.of("minReplicas", 1, "maxReplicas", 2));
    return monitored(
        spec,
        Map.of(),
        Map.of("availability", 99.9, "latency", Map.of("percent", 99, "threshold", "250ms")));
  }

  /** A change of fields of an alert, to be merged. */
  static Map<String, Object> alert(String field, Map<String, Object> change) {
    return Map.of("spec", Map.of("monitoring", Map.of("alerts", Map.of(field, change))));
  }

  private static Map<String, Object> monitored(
      Map<String, Object> spec, Map<String, Object> alerts, Map<String, Object> objective) {
    Map<String, Object> monitoring = new LinkedHashMap<>();
    monitoring.put("serviceMonitor", Map.of("interval", "5s"));
    monitoring.put("alerts", alerts);
    if (!objective.isEmpty()) {
      monitoring.put("objective", objective);
    }
    spec.put("monitoring", monitoring);
    return spec;
  }

  private static Map<String, Object> monitored(
      Map<String, Object> spec, Map<String, Object> alerts) {
    return monitored(spec, alerts, Map.of());
  }
}
