package dev.modelserver.operator.status;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * kstatus' rules for a kind that it does not know, in their published order (<a
 * href="https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md">README</a>).
 */
final class Kstatus {
  private Kstatus() {}

  static String verdict(JsonNode object) {
    if (object.at("/metadata").hasNonNull("deletionTimestamp")) {
      return "Terminating";
    }
    JsonNode observed = object.at("/status/observedGeneration");
    if (observed.isNumber() && observed.asLong() != object.at("/metadata/generation").asLong()) {
      return "InProgress";
    }
    JsonNode conditions = object.at("/status/conditions");
    for (JsonNode condition : conditions) {
      if (isTrue(condition, "Reconciling")) {
        return "InProgress";
      }
      if (isTrue(condition, "Stalled")) {
        return "Failed";
      }
    }
    for (JsonNode condition : conditions) {
      if (condition.path("type").asText().equals("Ready")) {
        return isTrue(condition, "Ready") ? "Current" : "InProgress";
      }
    }
    return "Current";
  }

  private static boolean isTrue(JsonNode condition, String type) {
    return condition.path("type").asText().equals(type)
        && condition.path("status").asText().equals("True");
  }
}
