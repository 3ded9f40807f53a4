package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModel.End.NOT_SCALING;
import static dev.modelserver.e2e.BadModel.End.REFUSED;
import static dev.modelserver.e2e.BadModel.always;
import static dev.modelserver.e2e.BadModel.onDemand;

import java.util.List;
import java.util.Map;

/** Specs that pass the schema and make objects that the API server refuses. */
final class BadObjects {
  private BadObjects() {}

  static List<BadModel> all() {
    return List.of(
        always(
            "bad key of a pod annotation",
            REFUSED,
            (place, spec) -> spec.put("pod", Map.of("annotations", Map.of("not a key!", "x"))),
            "Invalid"),
        onDemand(
            "bad value of a pod label",
            REFUSED,
            (place, spec) -> spec.put("pod", Map.of("labels", Map.of("team", "not a value!"))),
            "Invalid"),
        onDemand(
            "bad key of an affinity",
            REFUSED,
            (place, spec) -> spec.put("pod", Map.of("affinity", affinity("not a key!"))),
            "Invalid"),
        onDemand(
            "bad key of a toleration",
            REFUSED,
            (place, spec) ->
                spec.put(
                    "pod",
                    Map.of(
                        "tolerations", List.of(Map.of("key", "not a key!", "operator", "Exists")))),
            "Invalid"),
        onDemand(
            "request above its limit",
            REFUSED,
            (place, spec) ->
                spec.put(
                    "resources",
                    Map.of("requests", Map.of("memory", "2Gi"), "limits", Map.of("memory", "1Gi"))),
            "Invalid"),
        onDemand(
            "bad key of a Service annotation",
            REFUSED,
            (place, spec) -> spec.put("service", Map.of("annotations", Map.of("not a key!", "x"))),
            "Invalid"),
        onDemand(
            "deadline shorter than minReadySeconds",
            REFUSED,
            (place, spec) ->
                spec.put("rollout", Map.of("progressDeadlineSeconds", 5, "minReadySeconds", 10)),
            "InvalidSpec"),
        onDemand(
            "metric of the autoscaler without a source",
            REFUSED,
            (place, spec) ->
                spec.put(
                    "autoscaling",
                    Map.of("maxReplicas", 2, "metrics", List.of(Map.of("type", "Cat")))),
            "Invalid",
            "InvalidSpec"),
        onDemand(
            "autoscaler of somebody else",
            REFUSED,
            (place, spec) -> {
              Admissions.foreignAutoscaler(place.namespace(), "iris");
              spec.put("autoscaling", Map.of("maxReplicas", 2));
            },
            "NameConflict"),
        onDemand(
            "metric that nobody serves",
            NOT_SCALING,
            (place, spec) ->
                spec.put(
                    "autoscaling",
                    Map.of("minReplicas", 1, "maxReplicas", 2, "metrics", List.of(metric()))),
            "FailedGetExternalMetric"));
  }

  private static Map<String, Object> affinity(String key) {
    return Map.of(
        "nodeAffinity",
        Map.of(
            "preferredDuringSchedulingIgnoredDuringExecution",
            List.of(
                Map.of(
                    "weight",
                    1,
                    "preference",
                    Map.of(
                        "matchExpressions", List.of(Map.of("key", key, "operator", "Exists")))))));
  }

  private static Map<String, Object> metric() {
    return Map.of(
        "type",
        "External",
        "external",
        Map.of(
            "metric",
            Map.of("name", "no-such-metric"),
            "target",
            Map.of("type", "Value", "value", "10")));
  }
}
