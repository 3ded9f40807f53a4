package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which pods a Service prefers, in Kubernetes' words. */
public enum TrafficDistribution {
  @JsonProperty("PreferClose")
  PREFER_CLOSE,
  @JsonProperty("PreferSameZone")
  PREFER_SAME_ZONE,
  @JsonProperty("PreferSameNode")
  PREFER_SAME_NODE
}
