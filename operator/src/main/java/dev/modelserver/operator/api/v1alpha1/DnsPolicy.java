package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the pods look up names, in Kubernetes' words. */
public enum DnsPolicy {
  @JsonProperty("ClusterFirst")
  CLUSTER_FIRST,
  @JsonProperty("Default")
  DEFAULT,
  @JsonProperty("None")
  NONE
}
