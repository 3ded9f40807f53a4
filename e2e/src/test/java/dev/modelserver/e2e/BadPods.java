package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModel.End.AT_DEADLINE;
import static dev.modelserver.e2e.BadModel.always;
import static dev.modelserver.e2e.BadModel.onDemand;

import java.util.List;
import java.util.Map;

/** Pods that the cluster does not take, or that do not live. */
final class BadPods {
  private BadPods() {}

  static List<BadModel> all() {
    return List.of(
        always(
            "image that cannot be pulled",
            AT_DEADLINE,
            (place, spec) -> spec.put("server", image("localhost/modelserver-no-such-image:dev")),
            "ImagePullFailed"),
        onDemand(
            "tag that is not there",
            AT_DEADLINE,
            (place, spec) -> spec.put("server", image("localhost/debian:no-such-tag")),
            "ImagePullFailed"),
        onDemand(
            "image name that is none",
            AT_DEADLINE,
            (place, spec) -> spec.put("server", image("Not/An Image:NAME")),
            "ImagePullFailed"),
        onDemand(
            "missing registry Secret",
            AT_DEADLINE,
            (place, spec) -> {
              spec.put("server", image("localhost/modelserver-private:dev"));
              spec.put(
                  "pod", Map.of("imagePullSecrets", List.of(Map.of("name", "no-such-secret"))));
            },
            "SecretNotFound"),
        onDemand(
            "memory limit too low",
            AT_DEADLINE,
            (place, spec) ->
                spec.put(
                    "resources",
                    Map.of(
                        "requests", Map.of("cpu", "50m", "memory", "48Mi"),
                        "limits", Map.of("cpu", "1", "memory", "48Mi"))),
            "OutOfMemory"),
        always(
            "CPU over quota",
            AT_DEADLINE,
            (place, spec) -> {
              Admissions.quota(place.namespace(), Map.of("requests.cpu", "400m"));
              spec.put("resources", requests("2", "192Mi"));
            },
            "QuotaExceeded"),
        onDemand(
            "memory over quota",
            AT_DEADLINE,
            (place, spec) -> {
              Admissions.quota(place.namespace(), Map.of("requests.memory", "500Mi"));
              spec.put("resources", requests("50m", "400Mi"));
            },
            "QuotaExceeded"),
        onDemand(
            "disk over quota",
            AT_DEADLINE,
            (place, spec) -> {
              Admissions.quota(place.namespace(), Map.of("requests.ephemeral-storage", "1Gi"));
              spec.put(
                  "resources",
                  Map.of(
                      "requests",
                      Map.of("cpu", "50m", "memory", "192Mi", "ephemeral-storage", "2Gi")));
            },
            "QuotaExceeded"),
        always(
            "LimitRange violation",
            AT_DEADLINE,
            (place, spec) -> {
              Admissions.limitRange(place.namespace(), "600Mi");
              spec.put(
                  "resources",
                  Map.of(
                      "requests", Map.of("cpu", "50m", "memory", "192Mi"),
                      "limits", Map.of("memory", "1Gi")));
            },
            "LimitRangeViolated"),
        onDemand(
            "missing PriorityClass",
            AT_DEADLINE,
            (place, spec) -> spec.put("pod", Map.of("priorityClassName", "no-such-class")),
            "PriorityClassNotFound"),
        onDemand(
            "pods that a policy denies",
            AT_DEADLINE,
            (place, spec) -> {
              Admissions.policy(place.namespace());
              spec.put("pod", Map.of("labels", Map.of("denied", "yes")));
            },
            "AdmissionDenied"),
        onDemand(
            "pods whose webhook is down",
            AT_DEADLINE,
            (place, spec) -> {
              Admissions.deadWebhook(place.namespace());
              spec.put("pod", Map.of("labels", Map.of("webhook", "down")));
            },
            "AdmissionWebhookUnavailable"),
        onDemand(
            "more CPU than any node has",
            AT_DEADLINE,
            (place, spec) -> spec.put("resources", requests("500", "192Mi")),
            "Unschedulable"),
        always(
            "unschedulable",
            AT_DEADLINE,
            (place, spec) ->
                spec.put("pod", Map.of("nodeSelector", Map.of("example.com/no-such", "node"))),
            "Unschedulable"));
  }

  private static Map<String, Object> image(String image) {
    return Map.of("image", image);
  }

  private static Map<String, Object> requests(String cpu, String memory) {
    return Map.of("requests", Map.of("cpu", cpu, "memory", memory));
  }
}
